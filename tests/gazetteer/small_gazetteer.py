"""Some thirty places for tests."""

from __future__ import annotations

from gazetteer import LonLat, Place, SourcePlace

META = {"version": "2026-01", "sources": '[{"name": "test", "licence": "CC0", "attribution": "nobody"}]'}


def town(  # noqa: PLR0917  (a table)
    place_id: str, name: str, lon: float, lat: float, country: str, admin1: str | None, population: int | None = None
) -> Place:
    return Place(
        id=place_id,
        name=name,
        lon=lon,
        lat=lat,
        feature_class="P",
        feature_code="PPL",
        country=country,
        admin1=admin1,
        population=population,
        source="test towns",
    )


def area(  # noqa: PLR0917  (a table)
    place_id: str, name: str, lon: float, lat: float, feature_code: str, country: str | None, admin1: str | None = None
) -> Place:
    return Place(
        id=place_id,
        name=name,
        lon=lon,
        lat=lat,
        feature_class={"STM": "H", "RGN": "L"}.get(feature_code, "A"),
        feature_code=feature_code,
        country=country,
        admin1=admin1,
        population={"country:SY": 16_906_283, "country:US": 327_167_434}.get(place_id),
        radius_km=60.0,
        source="test areas",
    )


RECORDS = (
    SourcePlace(town("t:al-bab", "Al Bāb", 37.5157, 36.3705, "SY", "09", 130_745), alternates=("El Bab", "الباب")),
    SourcePlace(town("t:idlib", "Idlib", 36.6339, 35.9306, "SY", "12", 128_840), alternates=("Idleb", "إدلب")),
    SourcePlace(town("t:aleppo", "Aleppo", 37.1613, 36.2012, "SY", "09", 2_098_210), alternates=("Halab", "حلب")),
    SourcePlace(town("t:tadmur", "Tadmur", 38.2840, 34.5624, "SY", "11", 51_015), alternates=("Palmyra", "تدمر")),
    SourcePlace(town("t:deir", "Dayr az Zawr", 40.1412, 35.3359, "SY", "07", 271_800), alternates=("دير الزور",)),
    SourcePlace(town("t:hama", "Ḩamāh", 36.7578, 35.1318, "SY", "10", 460_602), alternates=("Hama", "حماة")),
    SourcePlace(town("t:hasakah", "Al Ḩasakah", 40.7425, 36.5024, "SY", "01", 422_445)),
    SourcePlace(town("t:fuah", "al-Fu'ah", 36.7000, 35.9817, "SY", "12"), alternates=("Foua", "الفوعة")),
    SourcePlace(town("t:khan", "Khān Shaykhūn", 36.6511, 35.4419, "SY", "12", 48_975)),
    SourcePlace(town("t:kafr", "Kefraya", 36.6770, 35.9870, "SY", "12")),
    SourcePlace(town("t:bab-iq", "Bab", 44.0, 33.0, "IQ", "07", 900)),
    SourcePlace(town("t:amman", "Amman", 35.9450, 31.9552, "JO", "16", 1_275_857), alternates=("عمان",)),
    SourcePlace(town("t:tripoli-ly", "Tripoli", 13.1875, 32.8752, "LY", "77", 1_302_947)),
    SourcePlace(town("t:tripoli-lb", "Tripoli", 35.8498, 34.4367, "LB", "09", 229_398)),
    SourcePlace(town("t:tripoli-us", "Tripoli", -92.2585, 42.8080, "US", "IA", 1_342)),
    SourcePlace(town("t:palmyra-us", "Palmyra", -75.0282, 40.0070, "US", "NJ", 7_314)),
    SourcePlace(town("t:paris-fr", "Paris", 2.3488, 48.8534, "FR", "11", 2_138_551)),
    SourcePlace(town("t:paris-us", "Paris", -95.5555, 33.6609, "US", "TX", 24_782)),
    SourcePlace(town("t:texas-mx", "Texas", -98.9, 20.4, "MX", "13", 993)),
    SourcePlace(town("t:el-paso", "El Paso", -106.4869, 31.7587, "US", "TX", 678_815)),
    SourcePlace(town("t:us", "Us", 1.9667, 49.1, "FR", "11", 1_248)),
    SourcePlace(town("t:fiji", "Suva", 178.4415, -18.1416, "FJ", "01", 77_366)),
    SourcePlace(town("t:taveuni", "Vuna", -179.9, -16.9, "FJ", "03", 500)),
    SourcePlace(area("admin1:SY.12", "Idlib", 36.68, 35.78, "ADM1", "SY", "12"), alternates=("Idleb", "إدلب")),
    SourcePlace(area("admin1:SY.09", "Aleppo", 37.60, 36.23, "ADM1", "SY", "09"), alternates=("Halab",)),
    SourcePlace(area("admin1:US.TX", "Texas", -99.3, 31.4, "ADM1", "US", "TX"), abbreviations=("TX", "Tex.")),
    SourcePlace(area("country:SY", "Syria", 38.0, 35.0, "PCLI", "SY"), demonyms=("Syrian", "Syrians")),
    SourcePlace(area("country:US", "United States", -98.5, 39.8, "PCLI", "US"), abbreviations=("US", "U.S.")),
    SourcePlace(area("country:OM", "Oman", 57.0, 21.0, "PCLI", "OM"), alternates=("عمان",)),
    SourcePlace(
        area("region:euphrates", "Euphrates", 40.0, 35.5, "STM", None),
        alternates=("الفرات",),
        points=(LonLat(lon=38.0, lat=36.8), LonLat(lon=40.1, lat=35.3), LonLat(lon=41.0, lat=34.4)),
    ),
)

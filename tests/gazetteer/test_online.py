from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from gazetteer import InputError, online

ANSWERS = {
    "Kafr Zita": [
        {
            "place_id": 1,
            "osm_type": "node",
            "osm_id": 42,
            "class": "place",
            "type": "town",
            "name": "Kafr Zita",
            "display_name": "Kafr Zita, Hama Governorate, Syria",
            "lat": "35.3734",
            "lon": "36.6017",
            "importance": 0.41,
            "address": {"state": "Hama Governorate", "country_code": "sy"},
        },
        {
            "place_id": 2,
            "class": "boundary",
            "type": "administrative",
            "addresstype": "county",
            "display_name": "Kafr Zita Nahiyah, Syria",
            "lat": "35.37",
            "lon": "36.6",
        },
    ]
}


class Service(BaseHTTPRequestHandler):
    asked: list[tuple[dict[str, list[str]], str | None]] = []  # noqa: RUF012  (one server a test module)

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.asked.append((query, self.headers["User-Agent"]))
        name = query["q"][0]
        body = json.dumps(ANSWERS.get(name, [])).encode()
        self.send_response(503 if name == "broken" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def domain(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(online, "PAUSE_S", 0.0)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    online._geocoder.cache_clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    online._geocoder.cache_clear()


def test_answers_become_candidates(domain: str) -> None:
    first, second = online.nominatim("Kafr Zita", country="SY", user_agent="test", domain=domain, scheme="http")
    assert first.place.id == "nominatim:node/42"
    assert (first.place.lon, first.place.lat) == (36.6017, 35.3734)
    assert (first.place.feature_class, first.place.feature_code) == ("P", "PPL")
    assert (first.place.country, first.place.admin1_name) == ("SY", "Hama Governorate")
    assert first.place.source == "OpenStreetMap contributors, ODbL"
    assert first.score == 0.41
    assert first.reasons[0].code == "online"
    assert second.place.id == "nominatim:place/2"
    assert second.place.feature_code == "ADM2"
    assert second.place.country is None
    query, agent = Service.asked[-1]
    assert query["countrycodes"] == ["sy"]
    assert agent == "test"


def test_an_unknown_name_gives_nothing(domain: str) -> None:
    assert online.nominatim("xyzzy", domain=domain, scheme="http") == []


def test_a_service_that_fails_is_one_line(domain: str) -> None:
    with pytest.raises(InputError) as caught:
        online.nominatim("broken", domain=domain, scheme="http")
    assert "'broken'" in str(caught.value)
    assert domain in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_of_the_network_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, gazetteer, gazetteer.online; gazetteer.fold_name('x'); "
        "print(sorted({'geopy', 'pandas', 'geopandas', 'folium', 'shapely', 'rapidfuzz', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

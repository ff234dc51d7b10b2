from __future__ import annotations

import io
import json
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gazetteer import InputError, store
from gazetteer.download import download
from geo.gazetteer_cli import gazetteer_group

ROW = "170001\tKafr Nūn\tKafr Nun\t\t36.1\t37.2\tP\tPPL\tSY\t\t09\t\t\t\t12\t\t300\tAsia/Damascus\t2019-05-01\n"


def archive(text: str = ROW) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(zipfile.ZipInfo("readme.txt"), "read me\n" * 2000)
        packed.writestr(zipfile.ZipInfo("SY.txt"), text)
    return stream.getvalue()


@dataclass
class Server:
    """What a server of GeoNames files does, and what it was asked."""

    data: bytes = field(default_factory=archive)
    tag: str = '"one"'
    length: int | None = None  # Content-Length, where it is not that of the data
    stop_after: int | None = None  # bytes after which the connection is closed
    status: int | None = None
    hang: threading.Event | None = None
    ranges: bool = True
    url: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            state.asked.append((self.path, wanted))
            if state.hang is not None:
                state.hang.wait(20)
                return
            if state.status is not None:
                self.send_error(state.status)
                return
            start = 0
            if wanted and state.ranges and self.headers.get("If-Range") == state.tag:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(state.data):
                    self.send_error(416)
                    return
            body = state.data[start:]
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(state.data) - 1}/{len(state.data)}")
            self.send_header("ETag", state.tag)
            self.send_header("Content-Length", str(len(body) if state.length is None else state.length))
            self.end_headers()
            self.wfile.write(body if state.stop_after is None else body[: state.stop_after])

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{http.server_port}/dump/"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield state
    if state.hang is not None:
        state.hang.set()
    http.shutdown()
    thread.join()
    http.server_close()


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_dump_is_fetched_whole(server: Server, tmp_path: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    file = download("sy", tmp_path, url=server.url, progress=lambda done, total: calls.append((done, total)))
    assert file == tmp_path / "SY.zip"
    assert file.read_bytes() == server.data
    assert names(tmp_path) == ["SY.zip"]
    assert server.asked == [("/dump/SY.zip", None)]
    assert calls[-1] == (len(server.data), len(server.data))


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("allCountries", "/dump/allCountries.zip"),
        ("alternatenamesv2.zip", "/dump/alternateNamesV2.zip"),
        ("admin2Codes", "/dump/admin2Codes.txt"),
    ],
)
def test_other_files_have_names(code: str, path: str, server: Server, tmp_path: Path) -> None:
    download(code, tmp_path, url=server.url.removesuffix("/"))
    assert server.asked == [(path, None)]


@pytest.mark.parametrize("code", ["Syria", "../etc/passwd", "S1", "", "http://127.0.0.1/SY.zip"])
def test_what_is_no_file_of_geonames_is_refused(code: str, server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no file of GeoNames; give the ISO code"):
        download(code, tmp_path, url=server.url)
    assert server.asked == []


@pytest.mark.parametrize("url", ["file:///etc/", "ftp://127.0.0.1/", "/tmp"])
def test_only_web_addresses_are_asked(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="begins with https:// or http://"):
        download("SY", tmp_path, url=url)


def test_a_broken_transfer_goes_on_where_it_ended(server: Server, tmp_path: Path) -> None:
    server.stop_after = 1000
    with pytest.raises(InputError, match=r"call again to go on"):
        download("SY", tmp_path, url=server.url)
    assert names(tmp_path) == ["SY.zip.part", "SY.zip.part.json"]
    server.stop_after = None
    assert download("SY", tmp_path, url=server.url).read_bytes() == server.data
    assert server.asked[-1] == ("/dump/SY.zip", "bytes=1000-")
    assert names(tmp_path) == ["SY.zip"]


def test_a_file_that_changed_meanwhile_is_begun_anew(server: Server, tmp_path: Path) -> None:
    server.stop_after = 1000
    with pytest.raises(InputError):
        download("SY", tmp_path, url=server.url)
    server.stop_after, server.tag, server.data = None, '"two"', archive(ROW * 3)
    assert download("SY", tmp_path, url=server.url).read_bytes() == server.data


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    server.stop_after, server.ranges = 1000, False
    with pytest.raises(InputError):
        download("SY", tmp_path, url=server.url)
    server.stop_after = None
    assert download("SY", tmp_path, url=server.url).read_bytes() == server.data


def test_a_part_longer_than_the_file_is_begun_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "SY.zip.part").write_bytes(b"x" * (len(server.data) + 5))
    note = {"address": f"{server.url}SY.zip", "mark": server.tag}
    (tmp_path / "SY.zip.part.json").write_text(json.dumps(note))
    assert download("SY", tmp_path, url=server.url).read_bytes() == server.data


def _shorter(server: Server) -> None:
    server.length = len(server.data) - 700


def _longer(server: Server) -> None:
    server.length = len(server.data) + 700


def _bad_sum(server: Server) -> None:
    server.data = server.data.replace(b"Kafr N\xc5\xabn", b"Kafr N\xc5\xabm")


def _no_zip(server: Server) -> None:
    server.data = b"<html>come back later</html>"


def _missing(server: Server) -> None:
    server.status = 404


def _broken(server: Server) -> None:
    server.status = 503


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (_shorter, r"no whole zip archive"),
        (_longer, r"[\d,]+ of [\d,]+ bytes came|cannot be fetched"),
        (_bad_sum, r"SY\.txt in it has a wrong check sum"),
        (_no_zip, r"no whole zip archive"),
        (_missing, r"404 Not Found; check the code of the country"),
        (_broken, r"503 .*; try again later"),
    ],
)
def test_a_bad_answer_leaves_the_older_file(
    wrong: Callable[[Server], None], says: str, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "SY.zip").write_bytes(b"older")
    wrong(server)
    with pytest.raises(InputError, match=says) as caught:
        download("SY", tmp_path, url=server.url)
    assert str(caught.value).startswith(f"{server.url}SY.zip: ")
    assert "\n" not in str(caught.value)
    assert (tmp_path / "SY.zip").read_bytes() == b"older"


def test_a_server_that_says_nothing_is_given_up(server: Server, tmp_path: Path) -> None:
    server.hang = threading.Event()
    with pytest.raises(InputError, match=r"no answer within 0\.2 s"):
        download("SY", tmp_path, url=server.url, timeout=0.2)


def test_no_server_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unheard.getsockname()[1]}/"
        with pytest.raises(InputError, match=r"cannot be fetched .*refused.* or give a mirror"):
            download("SY", tmp_path, url=address)


def test_a_web_page_is_no_table(server: Server, tmp_path: Path) -> None:
    _no_zip(server)
    with pytest.raises(InputError, match="a web page came instead of a table"):
        download("admin2Codes", tmp_path, url=server.url)


def test_the_command_fetches_and_adds(
    server: Server, tmp_path: Path, small_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFLICTMAP_HOME", str(tmp_path))
    monkeypatch.setattr(store, "PACKAGED", small_file)
    done = CliRunner().invoke(gazetteer_group, ["download", "SY", "--url", server.url, "--add"])
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'downloads' / 'SY.zip'}\n"
    assert done.stderr.startswith("added layer sy: 1 places")

"""How a Dockerfile is read and built as a folder; what ours say is built by `make images`."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.containers.bases import OtherVersion, base
from tests.containers.building import Build, Done, Failed
from tests.containers.context import ROOT, copied, files
from tests.containers.dockerfile import Dockerfile, NotRead
from tests.containers.places import OWN, Elsewhere, moved, places
from tests.containers.root import below
from tests.containers.test_dockerfiles import FILES
from tests.images.image import contents, let_write

SMALL = r"""
ARG PYTHON_IMAGE=python:3
FROM ${PYTHON_IMAGE} AS tools
ARG GREETING=hello
ARG UNSET
ENV PATH=/opt/shoal/bin:$PATH \
    WORD="two words"
WORKDIR /src
COPY pyproject.toml LICENSE ./
COPY schema/schema.graphql /src/kept/schema.graphql
COPY schema schema
RUN mkdir -p /opt/shoal/bin \
    && ln -s "$(command -v sh)" /opt/shoal/bin/sh \
    && printf '#!/opt/shoal/bin/sh\n' > /opt/shoal/bin/said \
    && chmod +x /opt/shoal/bin/said && echo "${GREETING} ${WORD}${UNSET-, unset}" > /opt/shoal/told

FROM tools AS more
RUN echo "${GREETING} of $(python --version)" > /opt/shoal/told.more

FROM ${PYTHON_IMAGE} AS last
RUN groupadd --gid 10001 some && useradd --uid 10001 --gid some --shell /usr/sbin/nologin some \
    && install --directory --owner=some --group=some /data
ENV HOME=/tmp PATH=/opt/code/bin:$PATH
COPY --from=more /opt/shoal /opt/shoal
COPY deploy/nginx/*.template /etc/nginx/
USER 10001:10001
CMD ["server"]
"""


def build(text: str, folder: Path, target: str = "last") -> tuple[Build, list[Done]]:
    told: list[Done] = []
    made = Build(Dockerfile.parse(text), folder, told.append)
    made.stage(target)
    return made, told


def test_a_small_file_is_built(tmp_path: Path) -> None:
    made, told = build(SMALL, tmp_path)
    root = made.stage("last")
    shoal = tmp_path / "last" / "opt" / "shoal"
    assert (shoal / "told").read_text() == "hello two words, unset\n"
    assert (shoal / "told.more").read_text().startswith("hello of Python 3.")
    assert not (tmp_path / "last" / "src").exists()
    assert {path.name for path in (tmp_path / "last" / "etc" / "nginx").iterdir()} == {
        "nginx.conf.template", "headers.conf.template",
    }  # fmt: skip
    src = tmp_path / "more" / "src"
    assert {path.name for path in src.iterdir()} == {"pyproject.toml", "LICENSE", "kept", "schema"}
    assert (src / "kept" / "schema.graphql").is_file()
    sent = {path.relative_to(ROOT) for path in files(ROOT / "schema")}
    assert {path.relative_to(src) for path in (src / "schema").rglob("*") if path.is_file()} == sent
    assert (root.said["USER"], root.said["CMD"]) == ("10001:10001", '["server"]')
    assert root.environ()["HOME"] == str(tmp_path / "last" / "tmp")
    assert root.environ()["PATH"].startswith(f"{tmp_path}/last/opt/code/bin:{tmp_path}/bases/last:")
    assert Counter(each.stage for each in told) == {"tools": 4, "more": 1, "last": 3}
    if os.getuid() == 0:
        assert (tmp_path / "last" / "data").stat().st_uid == 10001


def test_a_stage_stands_without_those_that_made_it(tmp_path: Path) -> None:
    """Scripts begin with a path that is every stage's own."""
    made, _ = build(SMALL, tmp_path)
    made.forget_all_but("last")
    assert not (tmp_path / "more").exists()
    bin_ = tmp_path / "last" / "opt" / "shoal" / "bin"
    assert (bin_ / "said").read_text() == f"#!{bin_}/sh\n"
    subprocess.run([bin_ / "said"], check=True)


def test_what_is_built_is_made_read_only(tmp_path: Path) -> None:
    made, _ = build(SMALL, tmp_path)
    root = made.stage("last")
    before = contents(root)
    let_write(root, allowed=False)
    ours = [path for path in below(root.folder / "opt") if not path.is_symlink()]
    assert len(ours) == 6
    assert not any(path.stat().st_mode & 0o222 for path in ours)
    assert Path("/bin/sh").stat().st_mode & 0o200  # where a link leads to is not the image's
    assert contents(root) == before
    let_write(root, allowed=True)
    (root.folder / "opt" / "shoal" / "told").write_text("other")
    (root.folder / "opt" / "new").touch()
    (root.folder / "tmp" / "may be").touch()
    changed = {Path(path).name for path, _ in contents(root).items() ^ before.items()}
    assert changed == {"told", "new", "opt"}


def test_an_argument_is_given_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREETING", "welcome")
    build(SMALL, tmp_path, "tools")
    told = tmp_path / "tools" / "opt" / "shoal" / "told"
    assert told.read_text() == "welcome two words, unset\n"


@pytest.mark.parametrize(
    "step",
    ["ADD . /src", "VOLUME /data", "RUN --mount=type=cache pip", "COPY --chown=1 a b", "RUN <<END",
     "FROM --platform=x python:3", "copy a b"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(step: str) -> None:
    with pytest.raises(NotRead):
        Dockerfile.parse(f"FROM python:3\n{step}\n")


def test_nothing_but_arguments_stands_before_the_first_stage() -> None:
    with pytest.raises(NotRead):
        Dockerfile.parse("ENV A=1\nFROM python:3\n")


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ("RUN apt-get update", Failed),
        ("RUN true && apk add git", Failed),
        ("RUN false", Failed),
        ("RUN touch /srv/file", Elsewhere),
        ("RUN ls /", Elsewhere),
        ("RUN touch /Srv", Elsewhere),
        ("RUN useradd --system some", ValueError),
        ("RUN groupadd --gid 1 a && touch /opt/x", ValueError),
        ("WORKDIR /home", Elsewhere),
        ("COPY README.md /usr/local/", Elsewhere),
        ("COPY nothing /src/", FileNotFoundError),
        ("COPY tests /src/", FileNotFoundError),
    ],
)
def test_what_cannot_be_done_here_is_refused(
    step: str, why: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(why):
        build(f"FROM python:3 AS last\n{step}\n", tmp_path)


@pytest.mark.parametrize("image", ["python:2.7-slim", "python:3.99", "python", "node:9"])
def test_programs_are_of_the_images_version(image: str, tmp_path: Path) -> None:
    with pytest.raises(OtherVersion):
        base(image, tmp_path / "base")


@pytest.mark.parametrize("name", FILES)
def test_every_path_of_ours_has_its_place(name: str, tmp_path: Path) -> None:
    for stage in Dockerfile.read(ROOT / name).stages:
        for kind, rest in stage.steps:
            if kind in ("ENV", "WORKDIR", "COPY") or (kind == "RUN" and "useradd" not in rest):
                moved(rest, places(tmp_path))


def test_paths_of_urls_and_of_variables_stay(tmp_path: Path) -> None:
    for text in (
        "http://127.0.0.1:8000/readyz",
        "https://a.example/whl/cpu",
        "./opt",
        "$X/opt",
        "${X}/opt",
    ):
        assert moved(text, places(tmp_path)) == text
    assert moved("a:/opt/b '/data'", places(tmp_path)) == f"a:{tmp_path}/opt/b '{tmp_path}/data'"
    assert {moved(top, places(tmp_path)) for top in OWN} == {f"{tmp_path}{top}" for top in OWN}


def test_what_git_ignores_is_not_copied() -> None:
    sent = {path.relative_to(ROOT).as_posix() for path in files(ROOT / "client")}
    assert {"client/src/main.tsx", "client/.npmrc"} <= sent
    assert not any("node_modules" in path or "/dist/" in path or "/gql/" in path for path in sent)
    assert [name for _, name in copied("schema/schema.graphql")] == ["schema.graphql"]

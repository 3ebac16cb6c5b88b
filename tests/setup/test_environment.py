import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from composer.checks import lines_to_others_are_encrypted
from composer.environment import Environment, kept_secret
from composer.sockets import LONGEST, free_port, redis_socket
from tests.serving import CHECKOUT, environment, manage

FERNET = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
PRODUCTION = {
    "SECRET_KEY": "s" * 60 + "0123456789",
    "ALLOWED_HOSTS": "journeys.example.org",
    "ENCRYPTION_KEYS": FERNET,
}
PRODUCTION |= {"APPROVAL_KEYS": "a" * 43}
SHOW = "from django.conf import settings as s; print({})"


def show(expression: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return manage(
        "shell", "--verbosity", "0", "-c", SHOW.format(expression), environ=environment(**environ)
    )


def test_it_reads_the_env_file_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# demo\nDEMO=1\nexport PORT='8111'\nTENANT_RATE = 7\nALLOWED_HOSTS=\"a.example,"
        ' b.example"\n'
    )
    result = show(
        "s.DEMO, s.PORT, s.TENANT_RATE, s.ALLOWED_HOSTS",
        ENV_FILE=str(file),
        PORT="8222",
        DATA_DIR=str(tmp_path),
    )
    assert (result.stdout, result.stderr) == ("True 8222 7.0 ['a.example', 'b.example']\n", "")


def test_it_reads_secrets_from_files(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("one,two\n")
    given = Environment(
        {"APPROVAL_KEYS_FILE": str(file), "PORT_FILE": str(file)}, tmp_path / "none"
    )
    assert (given.listed("APPROVAL_KEYS"), given.text("PORT", "8000")) == (["one", "two"], "8000")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"SECRET_KEY_FILE": "{}/absent"},
            "SECRET_KEY_FILE: {}/absent cannot be read: No such file or directory.",
        ),
        ({"SECRET_KEY_FILE": "{}/empty"}, "SECRET_KEY_FILE: {}/empty is empty."),
        (
            {"SECRET_KEY_FILE": "{}/empty", "SECRET_KEY": "k"},
            "SECRET_KEY and SECRET_KEY_FILE are both set.",
        ),
    ],
)
def test_it_takes_no_default_for_a_secret_that_did_not_arrive(
    tmp_path: Path, given: dict, said: str
) -> None:
    (tmp_path / "empty").write_text("\n")
    given = {name: value.format(tmp_path) for name, value in given.items()}
    with pytest.raises(ImproperlyConfigured, match=re.escape(said.format(tmp_path))):
        Environment(given, tmp_path / "none").text("SECRET_KEY")


def test_it_names_every_missing_variable_outside_the_demo(tmp_path: Path) -> None:
    result = manage("check", environ=environment(DATA_DIR=str(tmp_path / "data")))
    assert result.returncode == 2
    assert result.stderr.startswith(
        "manage.py: Missing in the environment: SECRET_KEY, ALLOWED_HOSTS, ENCRYPTION_KEYS,"
        " APPROVAL_KEYS."
    )
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", PRODUCTION)
def test_it_names_the_one_missing_variable_outside_the_demo(tmp_path: Path, name: str) -> None:
    rest = {key: value for key, value in PRODUCTION.items() if key != name}
    result = manage("serve", environ=environment(DATA_DIR=str(tmp_path), **rest))
    assert (result.returncode, result.stderr.split(". ")[0]) == (
        2,
        f"manage.py: Missing in the environment: {name}",
    )


def test_it_passes_the_deployment_check_outside_the_demo(tmp_path: Path) -> None:
    environ = environment(DATA_DIR=str(tmp_path), **PRODUCTION)
    result = manage("check", "--deploy", "--fail-level", "WARNING", environ=environ)
    assert result.returncode == 0, result.stderr


VERIFIED = {"HOST": "db.example.org", "OPTIONS": {"sslmode": "verify-full"}}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, []),
        (
            {
                "DATABASES": {"default": {"HOST": "/run/postgresql"}},
                "REDIS_URL": "redis://localhost/0",
            },
            [],
        ),
        ({"DATABASES": {"default": {"HOST": "db.example.org"}}}, ["composer.W001"]),
        (
            {"DATABASES": {"default": VERIFIED | {"OPTIONS": {"sslmode": "require"}}}},
            ["composer.W001"],
        ),
        ({"DATABASES": {"default": VERIFIED}}, []),
        ({"REDIS_URL": "redis://r.example.org/0"}, ["composer.W002"]),
        ({"REDIS_URL": "rediss://r.example.org/0"}, ["composer.W002"]),
        ({"REDIS_URL": "rediss://r.example.org/0?ssl_cert_reqs=required"}, []),
        ({"EMAIL_HOST": "mail.example.org"}, ["composer.W003"]),
        ({"EMAIL_HOST": "mail.example.org", "EMAIL_USE_TLS": True}, []),
    ],
)
def test_it_warns_of_lines_that_others_can_read(
    monkeypatch, changed: dict, told: list[str]
) -> None:
    given = {"DATABASES": {"default": {}}, "REDIS_URL": "", "EMAIL_HOST": "localhost"}
    given |= {"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}
    monkeypatch.setattr("composer.checks.settings", SimpleNamespace(**given | changed))
    assert [one.id for one in lines_to_others_are_encrypted(None)] == told


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"SUBMIT_TIMEOUT_SECONDS": "100"}, "composer.E002"),
        ({"SUBMIT_SETTLE_SECONDS": "149"}, "composer.E003"),
        ({"SUBMIT_TIMEOUT_SECONDS": "9"}, "composer.E001"),
        ({"TENANT_RATE": "0"}, "composer.E004"),
    ],
)
def test_it_refuses_times_that_could_double_a_journey(
    tmp_path: Path, changes: dict[str, str], error: str
) -> None:
    result = manage("check", environ=environment(DATA_DIR=str(tmp_path), **PRODUCTION, **changes))
    assert result.returncode == 1
    assert error in result.stderr


WEB = ("-c", "import composer.wsgi")
WORKER = ("-m", "celery", "-A", "composer", "worker")


@pytest.mark.parametrize("words", [WEB, WORKER], ids=["web", "worker"])
def test_no_process_starts_with_times_that_could_double_a_journey(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Those are not started by manage.py, which would check."""
    short = {"SUBMIT_TIMEOUT_SECONDS": "9", "SUBMIT_SETTLE_SECONDS": "3"}
    environ = environment(DATA_DIR=str(tmp_path), **PRODUCTION, **short)
    ran = subprocess.run(
        [sys.executable, *words],
        env=environ,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1
    told = ran.stderr.splitlines()[-1]
    assert "SUBMIT_CONNECT_SECONDS must be shorter than SUBMIT_READ_SECONDS. " in told
    assert "SUBMIT_TIMEOUT_SECONDS must be more than 120: the tenant may answer that late. " in told
    assert told.endswith("SUBMIT_SETTLE_SECONDS must be at least 13.5.")


def test_it_allows_short_times_in_the_demo(tmp_path: Path) -> None:
    changes = {"SUBMIT_TIMEOUT_SECONDS": "2", "SUBMIT_SETTLE_SECONDS": "1"}
    result = manage("check", environ=environment(DEMO="1", DATA_DIR=str(tmp_path), **changes))
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "changes",
    [
        {"DEMO": "perhaps"},
        {"DEMO": "1", "PORT": "eighty"},
        {"DEMO": "1", "TENANT_RATE": "nan"},
        {"DEMO": "1", "PORT": "0"},
    ],
)
def test_it_names_a_variable_with_a_bad_value(tmp_path: Path, changes: dict[str, str]) -> None:
    result = manage("check", environ=environment(DATA_DIR=str(tmp_path), **changes))
    name = list(changes)[-1]
    assert result.returncode == 2
    assert result.stderr.startswith(f"manage.py: {name} must be ")


def test_it_listens_on_loopback_only_in_the_demo(tmp_path: Path) -> None:
    result = manage("check", environ=environment(DEMO="1", DATA_DIR=str(tmp_path), BIND="0.0.0.0"))
    assert (result.returncode, result.stderr.split(":")[1]) == (2, " BIND")


def test_it_keeps_the_demo_secrets_where_only_their_owner_reads(tmp_path: Path) -> None:
    first = show(
        "s.SECRET_KEY, s.ENCRYPTION_KEYS, s.PRACTICE_PORT",
        DEMO="1",
        DATA_DIR=str(tmp_path / "data"),
    )
    second = show(
        "s.SECRET_KEY, s.ENCRYPTION_KEYS, s.PRACTICE_PORT",
        DEMO="1",
        DATA_DIR=str(tmp_path / "data"),
    )
    assert first.stdout == second.stdout != ""
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert modes == dict.fromkeys(
        ("secret_key", "encryption_key", "approval_key", "practice_port"), 0o600
    )


def test_the_practice_tenant_leaves_the_product_its_port(tmp_path: Path) -> None:
    free = int(free_port(0))
    assert int(free_port(free)) == free != int(free_port(free, besides=free))
    result = show(
        "s.PORT, s.PRACTICE_PORT == s.PORT", DEMO="1", PORT="8765", DATA_DIR=str(tmp_path / "data")
    )
    assert result.stdout == "8765 False\n"


def test_it_makes_a_secret_once_though_several_ask_at_once(tmp_path: Path) -> None:
    answers = iter(range(100))
    with ThreadPoolExecutor(8) as pool:
        kept = set(
            pool.map(lambda _: kept_secret(tmp_path / "key", lambda: str(next(answers))), range(8))
        )
    assert len(kept) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_it_names_the_line_of_a_broken_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DEMO=1\nnonsense\n")
    with pytest.raises(ImproperlyConfigured, match=r"\.env, line 2: expected NAME=value"):
        Environment({}, tmp_path / ".env")


def test_it_keeps_the_socket_path_short_enough(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    assert redis_socket(tmp_path / "data") == tmp_path / "data" / "redis" / "redis.sock"
    assert len(str(redis_socket(deep))) <= LONGEST
    assert redis_socket(deep) == redis_socket(deep) != redis_socket(deep / "other")

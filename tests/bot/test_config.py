"""The settings: everything missing or unsafe is named at once, and nothing secret is ever printed."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from bot import config

APP_ID = "11111111-2222-4333-8444-555555555555"
TENANT_ID = "99999999-8888-4777-8666-555555555555"


def key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


PRODUCTION = {
    "MicrosoftAppId": APP_ID,
    "MicrosoftAppPassword": "the client secret",
    "MicrosoftAppType": "SingleTenant",
    "MicrosoftAppTenantId": TENANT_ID,
    "USHER_DATABASE_URL": "postgresql://usher:database-password@db/usher",
    "USHER_KEYS": f"k2:{key('two')},k1:{key('one')}",
    "USHER_INDEX_KEY": key("index"),
    "USHER_CHAIN_KEY": key("chain"),
}
MAIL = {
    "USHER_SMTP_HOST": "Mail.council.example",
    "USHER_SMTP_FROM": "usher@council.example",
    "USHER_SMTP_USER": "usher",
    "USHER_SMTP_PASSWORD": "the mail password",
}


def problems_of(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(config.SettingsError) as refused:
        config.Settings.from_env(environ)
    return {problem.name: problem.what_is_wrong for problem in refused.value.problems}


def test_settings_of_nothing_name_all_that_is_missing() -> None:
    missing = "it is missing, and production needs it"

    problems = problems_of({})

    assert problems == dict.fromkeys(PRODUCTION, missing)


def test_settings_of_a_whole_production_environment_are_read() -> None:
    settings = config.Settings.from_env(PRODUCTION)

    assert settings.is_production
    assert settings.is_authenticating
    assert (settings.app_id, settings.app_type, settings.host, settings.port) == (
        APP_ID,
        "SingleTenant",
        "127.0.0.1",
        3978,
    )
    assert settings.tenants == {TENANT_ID}
    assert [held.key_id for held in settings.keys or ()] == ["k2", "k1"]
    assert settings.index_key is not None
    assert settings.index_key.get_secret_value() == hashlib.sha256(b"index").digest()


def test_settings_of_development_need_nothing() -> None:
    settings = config.Settings.from_env({"USHER_ENV": "development"})

    assert not settings.is_production
    assert not settings.is_authenticating
    assert settings.tenants == frozenset()
    assert settings.keys is None
    assert settings.database_url.get_secret_value() == "sqlite:///var/usher.sqlite3"


MISSING = "it is missing, and production needs it"
NOT_A_GUID = "it is not a GUID such as 11111111-2222-3333-4444-555555555555"
NOT_A_TYPE = "input should be 'SingleTenant' or 'UserAssignedMSI'"
NOT_A_HOST = "is not a plain host name (no *, no scheme, no port, no address)"
NOT_RANDOM = "it is not random: the same few bytes repeat"
SHARED = "the same key is used for something else too"
NOT_A_MAIL_HOST = "it is not a plain host name (no scheme, no port)"
NOT_A_MAILBOX = "it is not a plain e-mail address such as usher@council.example"
ELSEWHERE = "production signs in at Microsoft and nowhere else"

# what is changed in a good production environment (None: left out), and what is then said of it
UNSAFE: list[tuple[str, str | None, str, str]] = [
    ("MicrosoftAppId", None, "MicrosoftAppId", MISSING),
    ("MicrosoftAppId", "  ", "MicrosoftAppId", MISSING),
    ("MicrosoftAppId", "usher", "MicrosoftAppId", NOT_A_GUID),
    ("MicrosoftAppPassword", "", "MicrosoftAppPassword", MISSING),
    ("MicrosoftAppTenantId", None, "MicrosoftAppTenantId", MISSING),
    ("MicrosoftAppType", "singletenant", "MicrosoftAppType", NOT_A_TYPE),
    ("MicrosoftAppType", "MultiTenant", "MicrosoftAppType", NOT_A_TYPE),
    ("MicrosoftAppID", "x", "MicrosoftAppID", "there is no such setting"),
    ("USHER_ENV", "prod", "USHER_ENV", "input should be 'production' or 'development'"),
    ("USHER_DATABASE_URL", None, "USHER_DATABASE_URL", MISSING),
    (
        *("USHER_DATABASE_URL", "mysql://x/y", "USHER_DATABASE_URL"),
        "it is neither sqlite:///path nor postgresql://user:password@host/name",
    ),
    ("USHER_DATABASEURL", "x", "USHER_DATABASEURL", "there is no such setting"),
    ("USHER_CHAIN_KEY", None, "USHER_CHAIN_KEY", MISSING),
    ("USHER_CHAIN_KEY", key("index"), "USHER_CHAIN_KEY", SHARED),
    ("USHER_INDEX_KEY", base64.b64encode(bytes(32)).decode(), "USHER_INDEX_KEY", NOT_RANDOM),
    ("USHER_INDEX_KEY", base64.b64encode(b"ab" * 16).decode(), "USHER_INDEX_KEY", NOT_RANDOM),
    ("USHER_INDEX_KEY", "c2hvcnQ=", "USHER_INDEX_KEY", "it holds 5 bytes, not 32"),
    ("USHER_INDEX_KEY", "not base64!", "USHER_INDEX_KEY", "it is not base64"),
    ("USHER_KEYS", f"k1:{key('index')}", "USHER_INDEX_KEY", SHARED),
    ("USHER_KEYS", f"k1:{key('one')},k1:{key('two')}", "USHER_KEYS", "two keys have the same id"),
    (
        *("USHER_KEYS", key("one"), "USHER_KEYS"),
        "an entry is not of the form keyid:base64, with an id of letters, digits, - and _",
    ),
    ("USHER_SERVICE_HOSTS", "*.example.net", "USHER_SERVICE_HOSTS", f"*.example.net {NOT_A_HOST}"),
    ("USHER_SERVICE_HOSTS", "10.0.0.1", "USHER_SERVICE_HOSTS", f"10.0.0.1 {NOT_A_HOST}"),
    ("USHER_TENANTS", "contoso.com", "USHER_TENANTS", NOT_A_GUID),
    ("USHER_LOGIN_URL", "http://127.0.0.1:9", "USHER_LOGIN_URL", ELSEWHERE),
    ("USHER_OPENID_URL", "https://keys.example", "USHER_OPENID_URL", ELSEWHERE),
    ("USHER_PORT", "0", "USHER_PORT", "input should be greater than or equal to 1"),
    ("USHER_METRICS_TOKEN", "short", "USHER_METRICS_TOKEN", "it has fewer than 16 characters"),
    ("USHER_SMTP_HOST", "smtp://mail.council.example", "USHER_SMTP_HOST", NOT_A_MAIL_HOST),
    ("USHER_SMTP_HOST", "mail.council.example:587", "USHER_SMTP_HOST", NOT_A_MAIL_HOST),
    ("USHER_SMTP_HOST", "mail council", "USHER_SMTP_HOST", NOT_A_MAIL_HOST),
    ("USHER_SMTP_HOST", "mail..example", "USHER_SMTP_HOST", NOT_A_MAIL_HOST),
    ("USHER_SMTP_PORT", "65536", "USHER_SMTP_PORT", "input should be less than or equal to 65535"),
    ("USHER_SMTP_FROM", None, "USHER_SMTP_FROM", "it is missing, and USHER_SMTP_HOST needs it"),
    ("USHER_SMTP_FROM", "usher", "USHER_SMTP_FROM", NOT_A_MAILBOX),
    ("USHER_SMTP_FROM", "Usher <usher@council.example>", "USHER_SMTP_FROM", NOT_A_MAILBOX),
    ("USHER_SMTP_FROM", "usher@council.example\nBcc: x@y.example", "USHER_SMTP_FROM", NOT_A_MAILBOX),
    ("USHER_SMTP_PASSWORD", None, "USHER_SMTP_PASSWORD", "it is missing, and USHER_SMTP_USER needs it"),
    ("USHER_SMTP_USER", None, "USHER_SMTP_USER", "it is missing, and USHER_SMTP_PASSWORD needs it"),
    ("USHER_SMTP_TLS", "none", "USHER_SMTP_TLS", "production sends no e-mail in the clear"),
    ("USHER_SMTP_TLS", "ssl", "USHER_SMTP_TLS", "input should be 'starttls', 'tls' or 'none'"),
    ("USHER_COUNCIL", "no/such/folder", "USHER_COUNCIL", "there is no such folder"),
]


@pytest.mark.parametrize(("name", "value", "wrong", "what"), UNSAFE)
def test_settings_of_an_unsafe_production_environment_are_refused(
    name: str, value: str | None, wrong: str, what: str
) -> None:
    environ = {one: held for one, held in (PRODUCTION | MAIL | {name: value}).items() if held is not None}

    assert problems_of(environ) == {wrong: what}


def test_settings_of_mail_are_read() -> None:
    settings = config.Settings.from_env(PRODUCTION | MAIL)

    assert (settings.smtp_host, settings.smtp_port, settings.smtp_from, settings.smtp_user, settings.smtp_tls) == (
        *("mail.council.example", 587, "usher@council.example", "usher"),
        "starttls",
    )
    assert settings.smtp_password is not None
    assert settings.smtp_password.get_secret_value() == "the mail password"


def test_settings_without_a_mail_server_need_nothing_of_mail() -> None:
    settings = config.Settings.from_env(PRODUCTION | {"USHER_SMTP_HOST": " ", "USHER_SMTP_USER": "usher"})

    assert (settings.smtp_host, settings.smtp_from, settings.smtp_password) == (None, None, None)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_settings_of_development_may_send_mail_in_the_clear_on_loopback(host: str) -> None:
    environ = {"USHER_ENV": "development", "USHER_SMTP_FROM": "usher@council.example", "USHER_SMTP_TLS": "none"}

    assert config.Settings.from_env(environ | {"USHER_SMTP_HOST": host}).smtp_host == host
    assert problems_of(environ | {"USHER_SMTP_HOST": "mail.council.example"}) == {
        "USHER_SMTP_TLS": "only a mail server on this machine may be sent to in the clear"
    }


def test_settings_refuse_mail_in_the_clear_in_production_on_loopback_too() -> None:
    environ = PRODUCTION | MAIL | {"USHER_SMTP_HOST": "127.0.0.1", "USHER_SMTP_TLS": "none"}

    assert problems_of(environ) == {"USHER_SMTP_TLS": "production sends no e-mail in the clear"}


def test_settings_name_problems_of_reading_and_of_safety_together() -> None:
    problems = problems_of({"USHER_PORT": "many", "MicrosoftAppType": "UserAssignedMSI", "USHER_HSOT": "::"})

    assert sorted(problems) == [
        *("MicrosoftAppId", "MicrosoftAppTenantId", "USHER_CHAIN_KEY", "USHER_DATABASE_URL", "USHER_HSOT"),
        *("USHER_INDEX_KEY", "USHER_KEYS", "USHER_PORT"),
    ]


def test_settings_with_a_managed_identity_need_no_password() -> None:
    environ = PRODUCTION | {"MicrosoftAppType": "UserAssignedMSI"}
    del environ["MicrosoftAppPassword"]

    settings = config.Settings.from_env(environ)

    assert settings.app_type == "UserAssignedMSI"
    assert settings.app_password is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "usher.council.example"])
def test_settings_without_authentication_are_refused_off_loopback(host: str) -> None:
    environ = {"USHER_ENV": "development", "USHER_HOST": host}

    assert problems_of(environ) == {
        "USHER_HOST": "without MicrosoftAppId nobody is authenticated, so only this machine may be served"
    }


def test_settings_of_development_with_an_app_id_need_the_rest_of_the_identity() -> None:
    environ = {"USHER_ENV": "development", "MicrosoftAppId": APP_ID, "MicrosoftAppType": "SingleTenant"}

    assert problems_of(environ) == dict.fromkeys(
        ["MicrosoftAppPassword", "MicrosoftAppTenantId"], "it is missing, and MicrosoftAppId needs it"
    )


@pytest.mark.parametrize(
    "url",
    ["https://login.example", "http://127.0.0.1.example", "http://user@127.0.0.1/", "http://10.0.0.1:1", "ftp://[::1]"],
)
def test_settings_of_development_lead_token_and_key_endpoints_to_loopback_only(url: str) -> None:
    environ = {"USHER_ENV": "development", "USHER_LOGIN_URL": url}

    assert problems_of(environ) == {"USHER_LOGIN_URL": "it is not an http address on this machine"}


def test_a_misspelt_setting_is_answered_with_the_right_name() -> None:
    with pytest.raises(config.SettingsError) as refused:
        config.Settings.from_env({"USHER_ENV": "development", "USHER_HSOT": "x"})

    assert refused.value.problems == [
        config.Problem("USHER_HSOT", "there is no such setting", "Did you mean USHER_HOST?")
    ]


def test_every_problem_says_what_to_do() -> None:
    with pytest.raises(config.SettingsError) as refused:
        config.Settings.from_env({})

    assert [problem.what_to_do[:4] for problem in refused.value.problems] == ["Set "] * 8


def test_names_of_settings_are_those_of_the_environment() -> None:
    assert config.names() == (
        *("MicrosoftAppId", "MicrosoftAppPassword", "MicrosoftAppTenantId", "MicrosoftAppType"),
        *("USHER_CHAIN_KEY", "USHER_COUNCIL", "USHER_DATABASE_URL", "USHER_ENV", "USHER_HOST", "USHER_INDEX_KEY"),
        *("USHER_KEYS", "USHER_LOGIN_URL", "USHER_LOG_LEVEL", "USHER_METRICS_TOKEN", "USHER_OPENID_URL"),
        *("USHER_PORT", "USHER_PUBLIC_URL", "USHER_SENDS_PER_CHAT", "USHER_SENDS_PER_SECOND", "USHER_SERVICE_HOSTS"),
        *("USHER_SMTP_FROM", "USHER_SMTP_HOST", "USHER_SMTP_PASSWORD"),
        *("USHER_SMTP_PORT", "USHER_SMTP_TLS", "USHER_SMTP_USER", "USHER_TENANTS"),
    )


def test_settings_print_no_secret(tmp_path: Path) -> None:
    secrets = {
        *("the client secret", "database-password", key("two"), key("one"), key("index"), key("chain")),
        *(repr(hashlib.sha256(name).digest()) for name in (b"two", b"one", b"index", b"chain")),
        *("a long metrics token", "the mail password"),
    }
    settings = config.Settings.from_env(PRODUCTION | MAIL | {"USHER_METRICS_TOKEN": "a long metrics token"})

    printed = f"{settings!r} {settings} {settings.model_dump_json()} {settings.keys!r}"

    assert [secret for secret in secrets if secret in printed] == []
    assert len(re.findall(r"\*\*\*\*\*\*\*\*\*\*", repr(settings))) == 8


def test_a_refusal_prints_no_secret() -> None:
    environ = PRODUCTION | {"USHER_INDEX_KEY": "c2VjcmV0LWluZGV4", "USHER_DATABASE_URL": "mysql://u:hush-hush@db/x"}

    with pytest.raises(config.SettingsError) as refused:
        config.Settings.from_env(environ)

    printed = f"{refused.value} {refused.value.problems} {refused.value.__context__!r}"
    assert [secret for secret in ("c2VjcmV0LWluZGV4", "hush-hush", "secret-index") if secret in printed] == []


def test_settings_can_not_be_changed() -> None:
    settings = config.Settings.from_env({"USHER_ENV": "development"})

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_settings_read_nothing_behind_the_callers_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("USHER_PORT", "4000")
    (tmp_path / ".env").write_text("USHER_PORT=5000")
    monkeypatch.chdir(tmp_path)

    settings = config.Settings.from_env({"USHER_ENV": "development"})

    assert settings.port == 3978

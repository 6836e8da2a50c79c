"""The settings of the machine: read from the environment once, checked as a whole, and never changed after."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import config_values as values

# Teams takes 50 requests a second of one app in one tenant, and 60 in half a minute into one chat
PER_SECOND = 40.0
PER_CHAT = 1.0
DEVELOPMENT_DATABASE = "sqlite:///var/usher.sqlite3"
LOGIN_URL = "https://login.microsoftonline.com"
OPENID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
# The Connector's public host and those of the government clouds; a tenant's regional hosts are named by the council.
SERVICE_HOSTS = (
    "smba.trafficmanager.net,smba.infra.gcc.teams.microsoft.com,"
    "smba.infra.gov.teams.microsoft.us,smba.infra.dod.teams.microsoft.us"
)
# Read by the test runner and nothing else; they are no settings of Usher's, and no mistakes either.
NAMES_OF_TOOLS = frozenset({"USHER_LONG"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that is missing or unsafe, and how to mend it."""

    name: str
    what_is_wrong: str
    what_to_do: str


class SettingsError(Exception):
    """The settings can't be used. `problems` names everything at once, sorted by setting."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.name)
        super().__init__("; ".join(f"{problem.name}: {problem.what_is_wrong}" for problem in self.problems))


class Settings(BaseSettings):
    """Everything the machine must be told. `from_env` is the way to make one; each description says what to do."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, populate_by_name=True)

    env: Literal["production", "development"] = Field(
        "production", alias="USHER_ENV", description="Set production or development; unset means production."
    )
    app_id: values.Guid | None = Field(
        None, alias="MicrosoftAppId", description="Set it to the application (client) id of the Azure Bot."
    )
    app_password: SecretStr | None = Field(
        None, alias="MicrosoftAppPassword", description="Set it to a client secret of the app registration."
    )
    app_type: Literal["SingleTenant", "UserAssignedMSI"] | None = Field(
        None, alias="MicrosoftAppType", description="Set exactly SingleTenant or UserAssignedMSI."
    )
    app_tenant_id: values.Guid | None = Field(
        None, alias="MicrosoftAppTenantId", description="Set it to the council's Entra tenant id."
    )
    database_url: Annotated[SecretStr, BeforeValidator(values.database)] = Field(
        SecretStr(DEVELOPMENT_DATABASE),
        alias="USHER_DATABASE_URL",
        description="Set sqlite:////absolute/path/usher.sqlite3 or postgresql://user:password@host/name.",
    )
    host: str = Field("127.0.0.1", alias="USHER_HOST", description="Set the address to listen on.")
    port: int = Field(3978, ge=1, le=65535, alias="USHER_PORT", description="Set a port between 1 and 65535.")
    council: Path | None = Field(
        None, alias="USHER_COUNCIL", description="Set the folder with the council's rulebook, or leave it unset."
    )
    public_url: Annotated[str | None, AfterValidator(values.public_url)] = Field(
        None,
        alias="USHER_PUBLIC_URL",
        description="Set the https address people's calendars reach Usher at, or leave it unset: no calendars then.",
    )
    tenants: Annotated[values.Names, AfterValidator(values.tenants)] = Field(
        frozenset(), alias="USHER_TENANTS", description="List the Entra tenant ids to serve, with commas between."
    )
    service_hosts: Annotated[values.Names, AfterValidator(values.hosts)] = Field(
        frozenset(SERVICE_HOSTS.split(",")),
        alias="USHER_SERVICE_HOSTS",
        description="List the exact Bot Connector hosts, with commas between, or leave it unset.",
    )
    keys: Annotated[tuple[values.SealingKey, ...] | None, BeforeValidator(values.keys)] = Field(
        None, alias="USHER_KEYS", description="Set keyid:key, the active one first; make a key: openssl rand -base64 32"
    )
    index_key: values.OptionalKey = Field(
        None, alias="USHER_INDEX_KEY", description="Set 32 random bytes as base64: openssl rand -base64 32"
    )
    chain_key: values.OptionalKey = Field(
        None, alias="USHER_CHAIN_KEY", description="Set 32 random bytes as base64: openssl rand -base64 32"
    )
    metrics_token: Annotated[SecretStr | None, AfterValidator(values.token)] = Field(
        None,
        alias="USHER_METRICS_TOKEN",
        description="Set 16 random characters or more, or leave it unset to serve figures on loopback only.",
    )
    sends_per_second: float = Field(
        PER_SECOND,
        gt=0,
        le=50,
        alias="USHER_SENDS_PER_SECOND",
        description="Set how many cards all replicas together send in a second, 50 at most.",
    )
    sends_per_chat: float = Field(
        PER_CHAT,
        gt=0,
        le=2,
        alias="USHER_SENDS_PER_CHAT",
        description="Set how many cards a second go into one chat, 2 at most.",
    )
    login_url: str = Field(
        LOGIN_URL, alias="USHER_LOGIN_URL", description="Leave it unset; development may name a loopback http address."
    )
    openid_url: str = Field(
        OPENID_URL,
        alias="USHER_OPENID_URL",
        description="Leave it unset; development may name a loopback http address.",
    )
    smtp_host: Annotated[str | None, AfterValidator(values.mail_host)] = Field(
        None, alias="USHER_SMTP_HOST", description="Set the mail server's host name, or leave it unset: no e-mail then."
    )
    smtp_port: int = Field(587, ge=1, le=65535, alias="USHER_SMTP_PORT", description="Set a port between 1 and 65535.")
    smtp_from: Annotated[str | None, AfterValidator(values.mailbox)] = Field(
        None, alias="USHER_SMTP_FROM", description="Set the address e-mail comes from, without a name beside it."
    )
    smtp_user: str | None = Field(
        None, alias="USHER_SMTP_USER", description="Set the mail server's user, or leave it unset to send without one."
    )
    smtp_password: SecretStr | None = Field(
        None, alias="USHER_SMTP_PASSWORD", description="Set the password of USHER_SMTP_USER."
    )
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", alias="USHER_SMTP_TLS", description="Set starttls or tls; development on loopback may set none."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="USHER_LOG_LEVEL", description="Set DEBUG, INFO, WARNING or ERROR."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what is handed in: neither os.environ nor a .env file is read behind the caller's back."""
        return (init_settings,)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """The settings of an environment such as `os.environ`. A name with an empty value counts as unset.

        Raises SettingsError naming every missing, wrong, unsafe or misspelt setting.
        """
        problems = _unknown_names(environ)
        given = {name: environ[name].strip() for name in _fields_by_alias() if environ.get(name, "").strip()}
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            wrong = {str(fault["loc"][0]): fault["msg"] for fault in error.errors()}
            problems += [_problem(name, message) for name, message in wrong.items()]
            # what can be read is still judged, so that one start shows all there is to mend
            settings = cls.model_validate({name: value for name, value in given.items() if name not in wrong})
        known = {problem.name for problem in problems}
        problems += [problem for problem in _unsafe(settings, given) if problem.name not in known]
        if problems:
            raise SettingsError(problems)
        if settings.is_production and not settings.tenants and settings.app_tenant_id:
            return settings.model_copy(update={"tenants": frozenset({settings.app_tenant_id})})
        return settings

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_authenticating(self) -> bool:
        """Whether inbound activities must carry a signed token. False only in development without an app id."""
        return self.app_id is not None


def names() -> tuple[str, ...]:
    """Every environment name Usher reads, sorted: what .env.example and docs/configuration.md must list."""
    return tuple(sorted(_fields_by_alias()))


def _fields_by_alias() -> dict[str, str]:
    return {str(field.alias): str(field.description) for field in Settings.model_fields.values()}


def _problem(name: str, what_is_wrong: str) -> Problem:
    sentence = what_is_wrong.removeprefix("Value error, ")
    return Problem(name, sentence[:1].lower() + sentence[1:], _fields_by_alias()[name])


def _unknown_names(environ: Mapping[str, str]) -> list[Problem]:
    known = _fields_by_alias()
    problems = []
    for name in environ:
        ours = name.upper().startswith(("USHER_", "MICROSOFTAPP"))
        if not ours or name in known or name in NAMES_OF_TOOLS:
            continue
        close = {alias.lower(): alias for alias in known}
        guesses = difflib.get_close_matches(name.lower(), close, n=1)
        advice = f"Did you mean {close[guesses[0]]}?" if guesses else "Remove it."
        problems.append(Problem(name, "there is no such setting", advice))
    return problems


def _unsafe(settings: Settings, given: Mapping[str, str]) -> list[Problem]:
    if settings.is_production:
        wrong = _missing_in_production(given) | _loopback_only(settings, given)
    else:
        wrong = _wrong_in_development(settings, given)
    wrong |= _shared_keys(settings) | _wrong_in_mail(settings, given)
    if settings.council is not None and not settings.council.is_dir():
        wrong["USHER_COUNCIL"] = "there is no such folder"
    return [_problem(name, what) for name, what in wrong.items()]


def _missing_in_production(given: Mapping[str, str]) -> dict[str, str]:
    required = [
        *("MicrosoftAppId", "MicrosoftAppType", "MicrosoftAppTenantId"),
        *("USHER_DATABASE_URL", "USHER_KEYS", "USHER_INDEX_KEY", "USHER_CHAIN_KEY"),
    ]
    if given.get("MicrosoftAppType") != "UserAssignedMSI":
        required.append("MicrosoftAppPassword")
    return {name: "it is missing, and production needs it" for name in required if name not in given}


def _loopback_only(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    changed = {"USHER_LOGIN_URL": LOGIN_URL, "USHER_OPENID_URL": OPENID_URL}
    wrong = {
        name: "production signs in at Microsoft and nowhere else"
        for name, real in changed.items()
        if given.get(name, real) != real
    }
    if settings.public_url and not settings.public_url.startswith("https:"):
        wrong["USHER_PUBLIC_URL"] = "it is not an https address: calendars would travel in the clear"
    return wrong


def _wrong_in_development(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        name: "it is not an http address on this machine"
        for name in ("USHER_LOGIN_URL", "USHER_OPENID_URL")
        if name in given and not values.LOOPBACK_URL.match(given[name])
    }
    if not settings.is_authenticating:
        if settings.host not in values.LOOPBACK_HOSTS:
            wrong["USHER_HOST"] = "without MicrosoftAppId nobody is authenticated, so only this machine may be served"
        wrong |= {
            name: "it is given, but MicrosoftAppId is not"
            for name in ("MicrosoftAppPassword", "MicrosoftAppType")
            if name in given
        }
        return wrong
    required = ["MicrosoftAppType", "MicrosoftAppTenantId"]
    if settings.app_type == "SingleTenant":
        required.append("MicrosoftAppPassword")
    return wrong | {name: "it is missing, and MicrosoftAppId needs it" for name in required if name not in given}


def _shared_keys(settings: Settings) -> dict[str, str]:
    seen: set[bytes] = set()
    wrong = {}
    held = [("USHER_KEYS", key.material) for key in settings.keys or ()]
    for name, key in [*held, ("USHER_INDEX_KEY", settings.index_key), ("USHER_CHAIN_KEY", settings.chain_key)]:
        if key is None:
            continue
        if key.get_secret_value() in seen:
            wrong[name] = "the same key is used for something else too"
        seen.add(key.get_secret_value())
    return wrong


def _wrong_in_mail(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    if settings.is_production and settings.smtp_tls == "none":
        wrong["USHER_SMTP_TLS"] = "production sends no e-mail in the clear"
    if "USHER_SMTP_HOST" not in given:
        return wrong
    if not settings.is_production and settings.smtp_tls == "none" and settings.smtp_host not in values.LOOPBACK_HOSTS:
        wrong["USHER_SMTP_TLS"] = "only a mail server on this machine may be sent to in the clear"
    needs = [("USHER_SMTP_FROM", "USHER_SMTP_HOST")]
    needs += [("USHER_SMTP_PASSWORD", "USHER_SMTP_USER")] if "USHER_SMTP_USER" in given else []
    needs += [("USHER_SMTP_USER", "USHER_SMTP_PASSWORD")] if "USHER_SMTP_PASSWORD" in given else []
    return wrong | {name: f"it is missing, and {other} needs it" for name, other in needs if name not in given}

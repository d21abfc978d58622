"""Every setting, its unit and its default; read once from the environment (`LSO_…`), never per request."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

OWN_DATA = ("specs", "mappings", "rules", "sandbox")


class Settings(BaseSettings):
    """Environment variables carry the prefix LSO_ and the upper-case name; an empty one says nothing."""

    model_config = SettingsConfigDict(env_prefix="LSO_", env_ignore_empty=True, frozen=True, extra="ignore")

    var: Path = Field(Path("var"), description="directory of local state")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite under var")
    broker_url: str = Field("memory://", description="Celery broker; memory:// runs the worker in this process")
    public_url: str = Field("http://127.0.0.1:8080", description="base of every href and Location we hand out")
    host: str = "127.0.0.1"
    port: int = 8080
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    issuer: str = Field("urn:lso-bridge", description="who signs tokens and events; one for all processes of a service")
    token_seconds: int = Field(3600, description="life of an access token")
    body_bytes: int = Field(2_000_000, description="largest request body")
    body_depth: int = Field(64, description="deepest nesting of a request body")
    list_items: int = Field(10_000, description="longest list in a request body")
    page_most: int = Field(100, description="largest page of a MEF list")
    tmf_page_most: int = Field(1000, description="rows of a TMF list without limit")
    count_most: int = Field(1000, description="totals are exact up to here")
    lease_seconds: float = Field(30.0, description="how long a claimed job or delivery is ours without renewal")
    sweep_seconds: float = Field(1.0, description="how often the sweeper looks for forgotten work")
    attempts_most: int = Field(12, description="attempts before a job or delivery becomes a dead letter")
    backoff_seconds: float = Field(1.0, description="first retry delay; doubles, with jitter")
    backoff_most_seconds: float = Field(300.0, description="longest retry delay")
    idempotency_hours: float = 24.0
    stop_seconds: int = Field(10, description="told to stop: how long requests may take to end, then jobs")
    worker_threads: int = Field(2, description="threads of an embedded or separate worker")
    callback_loopback: bool = Field(True, description="callbacks may go to loopback addresses")
    callback_private: bool = Field(False, description="callbacks may go to private networks")
    callback_timeout_seconds: float = 10.0
    callback_https_only: bool = False
    sil_url: str = Field("", description="base URL of `lso serve --layer sil`, which places the orders of connections; "
                         "empty: the layer is in this process")
    backends: Path | None = Field(None, description="YAML file of back ends beside the sandbox")
    sandbox_url: str = Field("", description="base URL of `lso sandbox`; empty: the sandbox runs in this process")
    sandbox_lead_seconds: float = Field(0.2, description="lead time of the sandbox network")
    sandbox_only_listed: bool = Field(False, description="the sandbox knows no places but those described to it")
    data: Path | None = Field(None, description="folder whose `specs`, `mappings`, `rules` and `sandbox` are used in "
                              "place of those that travel with the code")
    docs: bool = Field(True, description="serve the documents and Swagger UI")

    @field_validator("data")
    @classmethod
    def holds_data(cls, data: Path | None) -> Path | None:
        """A folder that is not there, or has nothing of ours, is a slip: with our own data in its place, what an
        operator has written would be missing without a word."""
        if data is not None and not any((data / name).is_dir() for name in OWN_DATA):
            said = f"has none of the folders {', '.join(OWN_DATA)}" if data.is_dir() else "is no folder"
            raise PydanticCustomError("own_data", "{folder} {said}", {"folder": str(data), "said": said})
        return data

    @property
    def store_url(self) -> str:
        """The database to use."""
        return self.database_url or f"sqlite:///{self.var / 'lso.sqlite3'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()


def data_folder(name: str, beside: Path | None = None) -> Path:
    """A folder of data: the operator's own where the setting `data` has one of that name, else what travels with us.

    That is `specs`, `mappings` or `samples` (in a wheel, package data), or what lies `beside` the code that reads it.
    """
    own = settings().data
    if own is not None and (own / name).is_dir():
        return own / name
    if beside is not None:
        return beside
    packaged, root = Path(__file__).parent / "data" / name, Path(__file__).parent.parent
    if packaged.is_dir():
        return packaged
    return root / "tests" / "samples" if name == "samples" else root / name


def read_yaml(file: Path) -> Any:
    """What a YAML file of ours says. Read by libyaml, which takes a tenth of the time: a start reads dozens."""
    return yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506

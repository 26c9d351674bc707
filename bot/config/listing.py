"""How feeds.yaml says that a source is a list, and by what its rows are known."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from matchers.lists.model import ListFormat, ListSpec
from matchers.lists.pages import MOST_PAGES, page_names

Words = Annotated[str, Field(min_length=1, max_length=200)]


def _key(value: str) -> str:
    if not all(part.strip() for part in value.split(" + ")):
        raise ValueError("des noms de colonnes séparés par « + » sont attendus : Prestataire + Service")
    return value


class ListFields(BaseModel):
    """What only `kind: list` takes."""

    rows: Words | None = Field(
        default=None, description="où sont les lignes : CSS (html), nom pointé (json), titre de section (pdf)"
    )
    key: Annotated[Words, AfterValidator(_key)] | None = Field(
        default=None, description="les colonnes qui nomment une ligne : Prestataire + Service"
    )
    status: Words | None = Field(default=None, description="une colonne, ou le statut de toute la liste")
    until: Words | None = Field(default=None, description="la colonne des fins de validité")
    tracker: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")] | None = Field(
        default=None, description="les listes d’un même suivi ont une seule histoire"
    )
    format: ListFormat | None = Field(default=None, description="html (par défaut), csv, json ou pdf")
    pages: Words | None = Field(default=None, description="les pages de la liste : ?lettre={A-Z} ou ?page={1-9}")
    next: Words | None = Field(default=None, description="le lien vers la page suivante : a[rel=next]")

    def said(self) -> list[str]:
        """The names of those that are given."""
        return [name for name in ListFields.model_fields if getattr(self, name) is not None]

    def spec(self) -> ListSpec:
        return ListSpec(
            tuple(part.strip() for part in (self.key or "").split(" + ")),
            rows=self.rows or "",
            status=self.status or "",
            until=self.until or "",
            tracker=self.tracker or "",
            format=self.format or "html",
            pages=self.pages or "",
            follow=self.next or "",
        )


def bad_pages(written: str) -> str | None:
    """Why these are no pages of a list, None if they are."""
    count = len(page_names(written))
    if count == 0:
        return "une partie entre accolades est attendue : ?lettre={A-Z}, ?page={1-9}, ?type={iaas,saas}"
    return None if count <= MOST_PAGES else f"{count} pages : {MOST_PAGES} au plus"


class _Alone(ListFields):
    """A source in a case, where the rest of what feeds.yaml says of it does not matter."""

    model_config = ConfigDict(extra="ignore", strict=True)


def spec_alone(value: Mapping[str, Any]) -> ListSpec | str:
    """How the list of a source is read; else what is wrong with it, in one line."""
    try:
        fields = _Alone.model_validate(dict(value))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        return f"« {'.'.join(map(str, first['loc']))} » : valeur refusée"
    return fields.spec() if fields.key else "« key » manque : les colonnes qui nomment une ligne"

"""The questions of `scrubber rules new`: each is answered by its option, else asked, else takes its default."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import attrs
import click

from scrubber.claim import PayerKind
from scrubber.cli.options import DEFAULT_PACK, open_tables
from scrubber.content import content_folder
from scrubber.errors import ScrubberError, UnknownName
from scrubber.findings import Owner, Severity
from scrubber.rules.drafting import USUAL_RISK, Draft, in_words, read_answer, rule_of, write_pack_file, write_rule_file
from scrubber.rules.loader import read_pack
from scrubber.rules.model import Rule
from scrubber.rules.pack_file import PACK_FILE
from scrubber.rules.rule_file import NAME_SHAPE, RULE_ID_SHAPE
from scrubber.rules.templates import TEMPLATES, RuleTemplate

Answer = TypeVar("Answer")

_DEFAULT_FOLDER = "our-rules"


@attrs.define
class Interview:
    """One call of the command: what its options gave, and whether the rest is asked."""

    given: Mapping[str, Any]
    asked: bool = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.asked = not self.given["yes"]

    def write(self) -> Path:
        """Ask, write the rule (and the pack file of a new pack), and give the path of the rule.

        Raises:
            ScrubberError: an option cannot be used, or what must be said is not; nothing was written.
        """
        folder = self.ask("pack", "Folder of your pack", _folder, default=_DEFAULT_FOLDER)
        new_pack = not (folder / PACK_FILE).is_file()
        pack_title = ""
        payer_ids: tuple[str, ...] = ()
        if new_pack:
            pack_title = self.ask("pack_title", "A new pack. What is it about", _text, f"Rules of {folder.name}")
            payer_ids = self.ask("payer_id", "Payer id on its claims (Enter if it is for no single payer)", _ids, "")
        elif self.given["payer_id"] is not None:
            raise ScrubberError("the pack is there already.", where="--payer-id", hint=f"Say it in its {PACK_FILE}.")
        tables = open_tables(self.given["tables_folder"])
        own = None if new_pack else read_pack(folder, tables)[0]
        shipped = read_pack(content_folder("rules") / DEFAULT_PACK, tables)[0]
        is_layer = bool(payer_ids) or (own is not None and own.level != "national")
        draft = self._draft(folder, list(own.rules) if own else [], list(shipped.rules) if shipped else [], is_layer)
        rule_of(draft)  # raises before anything is written
        if new_pack:
            write_pack_file(folder, folder.resolve().name, pack_title, payer_ids)
        return write_rule_file(folder, draft)

    def _draft(self, folder: Path, own: list[Rule], shipped: list[Rule], is_layer: bool) -> Draft:
        template = self._template()
        answers = self._answers(template)
        every = [*own, *shipped]
        files = {path.name.split("-")[0] for path in folder.glob("*.yaml")}
        rule_id = self.ask(
            "rule_id",
            "Id of the rule",
            lambda text: _free_id(text, {rule.id for rule in every} | files),
            default=_next_id(folder.resolve().name, own, {rule.family for rule in shipped}, files),
        )
        names = {rule.name for rule in every}
        name = self.take(
            "name", "Its name", lambda text: _free_name(text, names), default=_usual_name(template, answers, names)
        )
        usual = rule_of(Draft(template=template, answers=answers, id=rule_id, name=name, reference=""))
        # the claims of a layer are those that its pack is for
        ask_payers = self.take if is_layer else self.ask
        payers = ask_payers("payers", "For which kinds of payers (Enter for all)", _payers, default="")
        title = self.ask("title", "What is wrong, in one line", _text, default=usual["title"])
        why = self.ask("why", "Why does the payer refuse it", _text, default=usual["why"])
        severity: Severity = self.ask("severity", "How sure is a refusal: error (certain), warning (likely), info",
                                      lambda text: _one_of(text, get_args(Severity)), default="warning")  # fmt: skip
        owner: Owner = self.ask("owner", f"Who can mend it: {', '.join(get_args(Owner))}",
                                lambda text: _one_of(text, get_args(Owner)), default=template.owner)  # fmt: skip
        reference = self.ask("reference", "Where does the payer say so (policy, number, date)", _text)
        url = self.ask("url", "Address of that page (Enter for none)", str.strip, default="")
        return Draft(
            template=template,
            answers=answers,
            id=rule_id,
            name=name,
            title=title,
            why=why,
            status=self.given["status"],
            severity=severity,
            risk=USUAL_RISK[severity] if self.given["risk"] is None else self.given["risk"],
            owner=owner,
            payers=payers,
            begins=self.given["begins"],
            reference=reference,
            url=url or None,
        )

    def _template(self) -> RuleTemplate:
        if self.asked and not self.given["kind"]:
            click.echo("What kind of rule is it?", err=True)
            for number, template in enumerate(TEMPLATES, 1):
                click.echo(f"  {number}  {template.says}  ({template.name})", err=True)
        return self.ask("kind", "Its number or name", _template_called)

    def _answers(self, template: RuleTemplate) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for question in template.asks:
            answers[question.name] = self.ask(
                question.name,
                question.text,
                lambda text, question=question: read_answer(question, text),  # type: ignore[misc]
                default=None if question.required else "",
            )
        extra = [name for name in _answer_names() - answers.keys() if self.given.get(name)]
        if extra:
            raise ScrubberError(
                f"{_option(extra[0])} is not asked of a rule of the kind {template.name}.",
                hint=f"It takes {', '.join(_option(question.name) for question in template.asks)}.",
            )
        return answers

    def take(self, name: str, _: str, read: Callable[[str], Answer], default: str) -> Answer:
        """What an option says, else its default: not worth a question."""
        given = self.given[name]
        return read(default) if given is None else self._read(name, read, given)

    def ask(self, name: str, question: str, read: Callable[[str], Answer], default: str | None = None) -> Answer:
        """What an option says; else what the author answers, asked again until it can be used; else the default."""
        if self.given[name] is not None:
            return self._read(name, read, self.given[name])
        if not self.asked:
            if default is None:
                raise ScrubberError(f"{_option(name)} is needed.", hint="Give it, or leave out --yes to be asked.")
            return read(default)
        while True:
            text = click.prompt(question.removesuffix("?"), default=default or "", show_default=bool(default), err=True)
            if default is None and not text.strip():
                click.echo("  This needs an answer. Ctrl-C ends the questions, and nothing is written.", err=True)
                continue
            try:
                return read(text)
            except ScrubberError as error:
                click.echo(f"  {error.message} {error.hint}".rstrip(), err=True)

    @staticmethod
    def _read(name: str, read: Callable[[str], Answer], text: str) -> Answer:
        try:
            return read(text)
        except ScrubberError as error:
            raise ScrubberError(error.message, where=_option(name), hint=error.hint) from None


def _answer_names() -> set[str]:
    return {question.name for template in TEMPLATES for question in template.asks}


def _option(name: str) -> str:
    return {"rule_id": "--id"}.get(name, f"--{name.replace('_', '-')}")


def _folder(text: str) -> Path:
    folder = Path(text.strip()).expanduser()
    if not text.strip():
        raise ScrubberError("the name of the folder is empty.")
    if (content_folder("rules") / text.strip() / PACK_FILE).is_file() and not folder.is_dir():
        raise ScrubberError(f"{text!r} is a shipped pack.", hint="Your rules go into a folder of your own.")
    if folder.exists() and not folder.is_dir():
        raise ScrubberError("a pack is a folder, and this is a file.", hint="Name a folder.")
    return folder


def _text(text: str) -> str:
    if not text.strip():
        raise ScrubberError("some text is needed.")
    return text.strip()


def _template_called(text: str) -> RuleTemplate:
    text = text.strip().lower()
    if text.isdecimal() and 1 <= int(text) <= len(TEMPLATES):
        return TEMPLATES[int(text) - 1]
    by_name = {template.name: template for template in TEMPLATES}
    if text not in by_name:
        raise UnknownName("kind of rule", text, by_name)
    return by_name[text]


def _one_of(text: str, known: tuple[Any, ...]) -> Any:
    if (folded := text.strip().lower().replace(" ", "_")) not in known:
        raise UnknownName("value", text, known)
    return folded


def _payers(text: str) -> tuple[str, ...]:
    return tuple(_one_of(part, get_args(PayerKind)) for part in re.split(r"[,;]\s*|\s+", text.strip()) if part)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[,;\s]+", text.strip()) if part)


def _free_id(text: str, used: set[str]) -> str:
    text = text.strip().upper()
    if not RULE_ID_SHAPE.fullmatch(text):
        raise ScrubberError(f"{text!r} is no id.", hint="Two to five capital letters and three digits, such as ACM101.")
    if text in used:
        raise ScrubberError(f"{text} is an id already.", hint="Take another number.")
    return text


def _free_name(text: str, used: set[str]) -> str:
    if not NAME_SHAPE.fullmatch(text):
        raise ScrubberError(f"{text!r} is no name.", hint="Write lower-case words joined by dashes.")
    if text in used:
        raise ScrubberError(f"{text!r} is the name of another rule.", hint="Take another one.")
    return text


def _usual_name(template: RuleTemplate, answers: Mapping[str, Any], used: set[str]) -> str:
    codes = re.sub(r"[^a-z0-9]+", "-", in_words(answers["codes"][:2]).lower()).strip("-")
    name, number = f"{template.name}-{codes}", 1
    while (found := name if number == 1 else f"{name}-{number}") in used:
        number += 1
    return found


def _next_id(folder_name: str, own: list[Rule], taken: set[str], used: set[str]) -> str:
    """The next number of the pack's own letters; for a new pack letters from its name that no shipped rule has."""
    if own:
        family = Counter(rule.family for rule in own).most_common(1)[0][0].upper()
    else:
        letters = re.sub(r"[^A-Z]", "", folder_name.upper())
        candidates = [letters[:3], letters[:4], letters[:5], "OUR", "OWN"]
        family = next(one for one in candidates if len(one) >= 2 and one.lower() not in taken)
    numbers = [int(one.id[-3:]) for one in own if one.family == family.lower()]
    number = max(numbers, default=100) + 1
    while f"{family}{number:03}" in used:
        number += 1
    return f"{family}{number:03}"

"""`vigie`: which commands there are, and how each is called. What they do is in bot/commands.py."""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from datetime import date

from bot import __version__, clock, commands, log
from bot.ending import FAILED, FINE, WRONG, Stop
from bot.usage import Parser
from matchers.stories.parts import PARTS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; every expected failure is one clear line on stderr, never a traceback."""
    _three_files()
    try:
        _a_zone()
        chosen = parser().parse_args(arguments)
        code = commands.explained(chosen.run, chosen)
        sys.stdout.flush()
    except Stop as stop:
        print(f"vigie : {log.redact(str(stop))}", file=sys.stderr)
        return stop.code
    except BrokenPipeError:  # the reader left: not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        print("vigie : plus de place là où va la sortie : faites-en, ou dirigez-la ailleurs", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _a_zone() -> None:
    if not clock.has_zone():
        raise Stop(WRONG, "TZ est à plus d’un jour de l’heure universelle : donnez un nom, comme Europe/Paris")


def _three_files() -> None:
    """Started with a closed output, we do the work without a word, and the store is not opened as file 1."""
    for number, stream in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, stream) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, stream, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))


class _Commands:
    """The commands of `vigie`, or of a group: `vigie feeds` alone shows, `vigie feeds discover` is one of its own."""

    def __init__(self, parent: argparse.ArgumentParser, *, title: str, required: bool) -> None:
        self._added = parent.add_subparsers(title=title, metavar="commande", required=required, parser_class=Parser)

    def add(
        self,
        name: str,
        run: commands.Command,
        summary: str,
        *,
        configured: bool = True,
        minus_words: bool = False,
    ) -> argparse.ArgumentParser:
        """`configured`: it reads the settings, so that their folder may be given to it. `minus_words`: see Parser."""
        added = self._added.add_parser(name, help=summary, description=summary, minus_words=minus_words)
        added.set_defaults(run=run)
        if configured:  # absent rather than None, or a group's own would be wiped by its commands'
            added.add_argument(
                "--config",
                metavar="DOSSIER",
                default=argparse.SUPPRESS,
                help="dossier de configuration (sinon VIGIE_CONFIG)",
            )
        return added


def parser() -> argparse.ArgumentParser:
    """Every command and every option: tests hold the documentation against it."""
    made = Parser(
        prog="vigie",
        description="Veille et alertes : hébergement des données de santé et SecNumCloud.",
        epilog="Codes de sortie : 0 fait, 1 impossible, 2 configuration ou appel à corriger.",
    )
    made.add_argument("--version", action="version", version=f"Vigie {__version__}", help="montrer la version")
    top = _Commands(made, title="commandes", required=True)
    for declare in (_watching, _sources, _statuses, _configuration, _articles, _asking, _sharing, _keeping):
        declare(top)
    return made


def _watching(top: _Commands) -> None:
    summary = "montrer Vigie à l'œuvre sur un petit site d'actualité embarqué, sans compte ni internet"
    demo = top.add("demo", commands.demo, summary, configured=False)
    demo.add_argument("--brief", metavar="FICHIER", help="écrire aussi le brief de la matinée, pour Word")
    top.add("run", commands.run, "veiller sans fin : relever les flux, alerter, envoyer les digests")
    once = top.add("once", commands.once, "faire un tour et rendre la main")
    once.add_argument(
        "--all", action="store_true", help="relever tous les flux, même ceux dont l'heure n'est pas venue"
    )


def _sources(top: _Commands) -> None:
    feeds = top.add("feeds", commands.feeds, "montrer l'état de chaque source")
    group = _Commands(feeds, title="commandes", required=False)
    group.add("list", commands.feeds, "la même chose")
    discover = group.add("discover", commands.discover, "chercher les flux d’un site")
    discover.add_argument("url", metavar="URL", help="une page du site")
    bring = group.add("import", commands.bring_feeds, "voir ce qu’une liste OPML apporte")
    bring.add_argument("file", metavar="FICHIER", help="un fichier OPML")
    bring.add_argument("--write", action="store_true", help="ajouter à feeds.yaml ce qui est nouveau")
    group.add("export", commands.give_feeds, "écrire les flux suivis en OPML")
    summary = "essayer une liste officielle, en rejouer les relevés"
    lists = top.add("lists", commands.replay_lists, summary, configured=False)
    group = _Commands(lists, title="commandes", required=True)
    attempt = group.add("try", commands.try_list, "montrer les premières lignes d’une liste, sans rien garder")
    attempt.add_argument("list", metavar="ID", help="l’identifiant de la liste dans feeds.yaml")
    summary = "lire des cas en JSONL, dire ce que chaque relevé annonce"
    _lines(group.add("replay", commands.replay_lists, summary, configured=False))


def _statuses(top: _Commands) -> None:
    summary = "dire qui a quel statut sur les listes officielles, et depuis quand"
    statuses = top.add("statuses", commands.statuses, summary)
    statuses.add_argument("of", nargs="?", metavar="SUIVI|NOM", help="un suivi, ou le nom d’un inscrit et son histoire")
    statuses.add_argument("--at", type=_day, metavar="JOUR", help="tels qu’ils étaient ce jour-là : 2026-07-01")
    statuses.add_argument("--json", action="store_true", help="le même contenu en JSON, avec les preuves")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {written} » : un jour de la forme 2026-07-01 est attendu") from None


def _configuration(top: _Commands) -> None:
    top.add(
        "check",
        commands.check,
        "vérifier la configuration : toutes les erreurs d'un coup, avec leur ligne",
    )
    summary = "afficher le schéma JSON d'un fichier, pour que l'éditeur le complète"
    schema = top.add("schema", commands.schema, summary, configured=False)
    schema.add_argument("kind", choices=("feeds", "entities", "watchlist", "destinations"), help="le fichier voulu")
    init = top.add("init", commands.init, "écrire une configuration de départ", configured=False)
    init.add_argument("folder", metavar="DOSSIER", help="le dossier à créer ou à compléter")
    init.add_argument(
        "--systemd", nargs="?", const="/etc/systemd/system", metavar="DOSSIER", help="y écrire aussi l'unité systemd"
    )


def _days(written: str) -> int:
    if written.isascii() and written.isdigit() and 1 <= int(written[:5]) <= 3650:
        return int(written)
    raise argparse.ArgumentTypeError(f"« {written} » : un nombre de jours, de 1 à 3650, est attendu")


def _recipients(written: str) -> int:
    if written.isascii() and written.isdigit() and 1 <= int(written[:8]) <= 999_999:
        return int(written)
    raise argparse.ArgumentTypeError(f"« {written} » : un nombre de destinataires, de 1 à 999999, est attendu")


_TARGET = "une adresse, une page enregistrée, un article en .json, ou le numéro d’un article de l’archive"


def _lines(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", nargs="?", metavar="FICHIER", help="un fichier JSONL ; sans lui, ou « - », l’entrée")


def _articles(top: _Commands) -> None:
    match = top.add("match", commands.match, "lire des articles en JSONL, dire ce qui les retient")
    _lines(match)
    match.add_argument("--watchlist", action="append", metavar="ID", help="n'essayer que cette veille (répétable)")
    match.epilog = (
        "En entrée, un objet par ligne : id, et s’il y en a url, title, summary, text, published, source. En sortie, "
        "une ligne par article : id, matches ; de chaque veille : watchlist, score, level, subject (c’est son sujet), "
        "rings (il sonnerait, seul), news (les mots du fait, ou null), hits (term, entity, field, start, end, text). "
        "Code 1 : une ligne était illisible."
    )
    summary = "lire des articles en JSONL, dire quels actes officiels ils nomment"
    _lines(top.add("acts", commands.acts, summary, configured=False))
    group = top.add("group", commands.group, "lire des articles en JSONL, dire lesquels vont ensemble")
    _lines(group)
    group.add_argument("--state", metavar="FICHIER", help="continuer une base à part, créée au besoin")
    group.add_argument(
        "--without",
        action="append",
        choices=PARTS,
        metavar="PARTIE",
        help=f"s'en passer, pour mesurer : {', '.join(PARTS)}",
    )
    summary = "lire le texte et les métadonnées d'une page enregistrée"
    extract = top.add("extract", commands.extract, summary, configured=False)
    extract.add_argument("file", nargs="?", metavar="FICHIER", help="une page HTML")
    extract.add_argument("--url", help="l'adresse de cette page")
    extract.add_argument("--summary", default="", help="le chapô que donnait le flux")
    extract.add_argument("--jsonl", nargs="?", const="-", metavar="LISTE", help="lire des lignes {id, path, url}")
    _explaining(top)
    _comparing(top)
    _measuring(top)


def _explaining(top: _Commands) -> None:
    explain = top.add("explain", commands.explain, "lire un article et dire pourquoi il est retenu")
    summary = "dire ce qu’une veille fait d’un article, et ce qui lui manque"
    why = top.add("why", commands.why, summary)
    for asking in (explain, why):
        asking.add_argument("target", metavar="URL|FICHIER|N°", help=_TARGET)
        asking.add_argument("--json", action="store_true", help="le même contenu en JSON")
    said = "l’identifiant de la veille ; sans elle, ce que l’article est devenu, de sa source aux envois"
    why.add_argument("watchlist", nargs="?", metavar="VEILLE", help=said)


def _comparing(top: _Commands) -> None:
    summary = "montrer ce que les veilles du dossier gagneraient et perdraient sur l’archive"
    backtest = top.add("backtest", commands.backtest, summary)
    backtest.add_argument("watchlist", nargs="?", metavar="VEILLE", help="cette veille seule")
    backtest.add_argument("--days", type=_days, default=30, metavar="N", help="les N derniers jours de l’archive (30)")
    backtest.add_argument("--against", metavar="DOSSIER", help="comparer à ce dossier, au lieu des veilles en vigueur")
    backtest.add_argument("--stream", metavar="FICHIER", help="relire ces articles en JSONL, au lieu de l’archive")
    backtest.add_argument("--term", metavar="TERME", help="ce terme seul : combien d’articles, et les plus récents")
    said = "ce qui aurait sonné chez chaque lecteur, son budget compris, au lieu de ce que les veilles retiennent"
    backtest.add_argument("--rings", action="store_true", help=said)
    backtest.add_argument("--all", action="store_true", help="nommer tous les articles gagnés et perdus")
    backtest.add_argument("--json", action="store_true", help="le même contenu en JSON, tous les articles nommés")


def _measuring(top: _Commands) -> None:
    summary = "mesurer les veilles sur des articles jugés : précision, rappel, alertes, et chaque erreur"
    evaluate = top.add("evaluate", commands.evaluate, summary)
    evaluate.add_argument("file", nargs="?", metavar="FICHIER", help="des articles jugés, en JSONL (.gz accepté)")
    votes = "les 👍, 👎, « Pas urgent » et /manque de la base, sans fichier"
    evaluate.add_argument("--from-votes", action="store_true", help=votes)
    evaluate.add_argument("--out", metavar="FICHIER", help="écrire aussi les articles jugés, en JSONL")
    by = "mesurer aussi chaque valeur d’une clé du fichier (corpus, source…)"
    evaluate.add_argument("--by", metavar="CLÉ", default="", help=by)
    evaluate.add_argument("--json", action="store_true", help="le même contenu en JSON")


def _asking(top: _Commands) -> None:
    act = top.add("act", commands.act, "un acte officiel : ses numéros, ses échéances et sa presse")
    act.add_argument("words", nargs="+", metavar="ACTE", help="« décret 2018-137 », SAN-2024-013, celex:32016R0679")
    act.add_argument("--limit", type=int, default=20, metavar="N", help="combien d’articles en montrer (20)")
    summary = "chercher dans tout ce qui a été lu"
    search = top.add("search", commands.search, summary, minus_words=True)
    words = 'des mots, -mot à écarter, "une expression", titre:mot, source:nom, depuis:7d'
    search.add_argument("words", nargs="+", metavar="MOT", help=words)
    search.add_argument("--limit", type=int, default=20, metavar="N", help="combien en montrer (20)")
    summary = "dire ce qui a changé entre deux jours : événements, sources, veilles"
    changes = top.add("changes", commands.changes, summary)
    _span(changes)
    changes.add_argument("of", nargs="?", metavar="VEILLE|N°", help="cette veille, ou ce dossier, par son numéro")

    summary = "montrer les échéances que des textes officiels fixent, la plus proche d’abord"
    deadlines = top.add("deadlines", commands.deadlines, summary)
    deadlines.add_argument("--days", type=_days, default=90, metavar="N", help="les N prochains jours (90)")
    deadlines.add_argument("--json", action="store_true", help="le même contenu en JSON")


def _span(asking: argparse.ArgumentParser) -> None:
    days = "2026-10-01, « 1er octobre », lundi, hier, « 7 jours »"
    asking.add_argument("--from", dest="start", required=True, metavar="JOUR", help=days)
    asking.add_argument("--to", dest="end", default="", metavar="JOUR", help="ce jour compris ; sinon, maintenant")


def _sharing(top: _Commands) -> None:
    publish = top.add(
        "publish",
        commands.publish,
        "écrire la revue de presse : une page web, des flux Atom, un calendrier, du JSON",
    )
    publish.add_argument("--out", metavar="DOSSIER", required=True, help="le dossier à remplir")
    publish.add_argument("--days", type=int, default=90, metavar="JOURS", help="jusqu'où remonter (90)")
    publish.add_argument("--title", default="Revue de presse", help="le titre de la page")
    only = "dans le calendrier, les échéances de cette veille seule (répétable)"
    publish.add_argument("--watchlist", action="append", metavar="ID", help=only)
    publish.add_argument("--team", action="store_true", help="montrer aussi les responsables et les notes du tri")
    publish.add_argument("--url", help="l'adresse où elle sera lue, pour le flux Atom")
    brief = top.add("brief", commands.brief, "écrire le brief d’un laps de temps, à transmettre")
    _span(brief)
    brief.add_argument("of", nargs="?", metavar="VEILLE|N°", help="cette veille, ou ce dossier, par son numéro")
    forms = ("docx", "odt", "html", "eml", "csv")
    brief.add_argument("--format", choices=forms, default="docx", help="eml : un brouillon de courriel ; csv : l’usage")
    brief.add_argument("--recipients", type=_recipients, metavar="N", help="combien le liront (déclaration d’usage)")
    brief.add_argument("--out", metavar="FICHIER", help="sinon, un nom fait des deux jours")
    register = top.add("register", commands.register, "exporter le registre : ce qui a été retenu, quand, d'où")
    register.add_argument("--format", choices=("csv", "markdown", "json"), default="csv", help="csv sans autre choix")
    register.add_argument("--triage", action="store_true", help="le tri : ce que l'équipe en a décidé, par qui, quand")
    register.add_argument("--since", metavar="AAAA-MM-JJ", help="à partir de ce jour")
    register.add_argument("--out", metavar="FICHIER", help="sinon, sur la sortie")
    summary = "écrire un paquet d’audit : registre, tri, veilles, silences, et de quoi le vérifier sans Vigie"
    pack = top.add("pack", commands.pack, summary)
    _span(pack)
    pack.add_argument("--list", metavar="VEILLE", help="cette veille ; sinon, toutes")
    pack.add_argument("--out", metavar="FICHIER", help="sinon, un nom fait des deux jours")
    verify = top.add("verify", commands.verify, "vérifier qu'un registre, ou un paquet, n'a pas été touché")
    verify.add_argument("file", nargs="?", metavar="FICHIER", help="un registre exporté, un paquet ; sinon, la base")
    given = "un témoin du registre, reçu chaque semaine ou par courriel (répétable)"
    verify.add_argument("--witness", action="append", metavar="N:HEX", help=given)


def _keeping(top: _Commands) -> None:
    doctor = top.add("doctor", commands.doctor, "vérifier tout ce dont Vigie a besoin, et dire que faire")
    doctor.add_argument("--offline", action="store_true", help="ne rien demander au réseau")
    doctor.add_argument(
        "--probe",
        metavar="CHAT",
        type=int,
        help="y envoyer deux messages : un message en doute s’y retrouve-t-il ?",
    )
    status = top.add("status", commands.status, "montrer sur un écran comment va Vigie")
    status.add_argument("--json", action="store_true", help="le même contenu en JSON")
    backup = top.add("backup", commands.backup, "copier la base, même pendant que Vigie travaille")
    backup.add_argument("file", metavar="FICHIER", help="où écrire la copie ; une copie plus ancienne est remplacée")
    moving = top.add("move", commands.move, "porter toute la base ailleurs, vers PostgreSQL ou un fichier")
    moving.add_argument(
        "target", metavar="DESTINATION", help="une base vide : un chemin, ou postgresql://nom@hôte/base"
    )
    restore = top.add("restore", commands.restore, "remettre une copie à la place de la base, qui est gardée à côté")
    restore.add_argument("file", metavar="FICHIER", help="une copie faite par « vigie backup »")
    top.add("prune", commands.prune, "oublier tout de suite ce qui n'est plus gardé (VIGIE_KEEP_…)")

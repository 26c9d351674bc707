"""Who writes for a site: titles of one house share their texts, portals print those of others, and whoever credits an
outlet tells what that one found. Pure."""

import re

from matchers.language.text import clean

_HOUSES = (
    "dna.fr lalsace.fr estrepublicain.fr republicain-lorrain.fr vosgesmatin.fr "
    "leprogres.fr ledauphine.com bienpublic.com lejsl.com",
    "lemondeinformatique.fr cio-online.com distributique.com reseaux-telecoms.net it-news-info.com",
    "sudouest.fr charentelibre.fr larepubliquedespyrenees.fr",
    "ladepeche.fr midilibre.fr lindependant.fr centrepresseaveyron.fr petitbleu.fr nrpyrenees.fr rugbyrama.fr",
    "lavoixdunord.fr courrier-picard.fr lunion.fr lardennais.fr lest-eclair.fr "
    "nordlittoral.fr aisnenouvelle.fr paris-normandie.fr",
    "ouest-france.fr actu.fr presseocean.fr lecourrierdelouest.fr lemainelibre.fr lamarne.fr",
    "nicematin.com varmatin.com monacomatin.mc",
    "laprovence.com corsematin.com",
    "lamontagne.fr lepopulaire.fr larep.fr lyonne.fr leberry.fr lejdc.fr lechorepublicain.fr leveil.fr",
    "lanouvellerepublique.fr centre-presse.fr",
    "bfmtv.com rmc.fr tradingsat.com",
    "franceinfo.fr francetvinfo.fr france.tv",
    "ici.fr francebleu.fr",
    "usine-digitale.fr usinenouvelle.com",
    "ticsante.com ticpharma.com techopital.com apmnews.com gerontonews.com",
    "01net.com presse-citron.net journaldugeek.com iphon.fr",
    "journaldunet.com commentcamarche.net linternaute.com",
    "numerama.com frandroid.com",
    "info-chalon.com info-beaune.com",
    "lesoir.be sudinfo.be",
    "lalibre.be dhnet.be lavenir.net",
    "lesoleil.com ledroit.com latribune.ca lenouvelliste.ca lavoixdelest.ca lequotidien.com",
    "journaldemontreal.com journaldequebec.com tvanouvelles.ca",
    "24heures.ch tdg.ch lematin.ch",
)
"""The titles of one newsroom or that print the texts of one another, a line each. Not whole, nor checked again."""
_HOUSE = {site: line.split()[0] for line in _HOUSES for site in line.split()}
_PORTALS = ("yahoo.com", "msn.com", "orange.fr", "sfr.fr", "free.fr", "laposte.net", "aol.com", "news.google.com")

_AGENCIES = ("AFP", "Reuters", "Belga", "APMnews", "APM", "Agence France-Presse")
_OUTLETS = ", ".join(
    (
        "Bloomberg, Associated Press, TechCrunch, The Register, Wired, The Verge, BleepingComputer, Politico",
        "Financial Times, Wall Street Journal, New York Times, Washington Post, The Guardian, CNBC, CNN, BBC",
        "The Information, 404 Media, Axios, The Record, Der Spiegel, Handelsblatt, El País, Nikkei, Euractiv",
        "Mediapart, Le Monde, Le Figaro, Le Parisien, Libération, Les Echos, Les Échos, La Tribune, Le Point",
        "L’Express, L’Obs, Le Canard enchaîné, La Lettre, L’Informé, Contexte, Franceinfo, France Inter",
        "France Info, BFMTV, RTL, Europe 1, RMC, TF1, France 2, France 3, Radio France, StreetPress, Next",
        "Numerama, Zataz, ZATAZ, 01net, Clubic, L’Usine nouvelle, L’Usine Digitale, Capital, Challenges",
        "Ouest-France, Sud Ouest, La Dépêche, Le Télégramme, Le Progrès, La Voix du Nord, Marianne, Disclose",
    )
).split(", ")


def house(site: str) -> str:
    """The house of a site by its first title; the site itself where it is of none that we know."""
    while site not in _HOUSE:
        _, dot, rest = site.partition(".")
        if not dot or "." not in rest:
            return site
        site = rest
    return _HOUSE[site]


def is_portal(site: str) -> bool:
    """Does this site print what others write?"""
    return site.endswith(_PORTALS) and any(site == each or site.endswith(f".{each}") for each in _PORTALS)


_CREDITED = 1_500  # characters at both ends of a text where somebody is thanked
_WIRE = re.compile(rf"\b({'|'.join(_AGENCIES)})\b")
_NAMES = {each.replace("’", "'"): each for each in _OUTLETS}
_NAME = "|".join(
    sorted({re.escape(re.sub(r"^(?:L[ae]s?\s|L')", "", each)) for each in _NAMES}, key=lambda name: (-len(name), name))
)
_SAYS = r"(?:révèl|rapport|relat|relay|affirm|indiqu|dévoil|assur|croit savoir|écri)\w*"
_CREDIT = re.compile(
    rf"(?:\b(?:[Ss]elon|[Dd]['’]après|{_SAYS}|confrères|informations|révélations|enquête|repéré|vu|[Ss]ource\s?:|vient|chez|avec)"
    r"(?:\s(?:un[e]?\s(?:enquête|article|information)|le\s(?:site|quotidien|journal|média)|les\sinformations|par|nos\sconfrères))?"
    rf"\s(?:(?:de\s|du\s|des\s|d['’])?(?:[Ll][ae]s?\s|[Ll]['’])?))({_NAME})\b"
    rf"|\b({_NAME})\s(?:(?:a|ont|avait)\s)?{_SAYS}"
)


def credited(*texts: str) -> tuple[str, ...]:
    """Those to whom these texts owe what they tell: agencies that they name, outlets that they credit by a verb or a
    preposition (« selon Le Parisien », « révèle Mediapart »)."""
    ends = [text if len(text) <= 2 * _CREDITED else text[:_CREDITED] + "\n" + text[-_CREDITED:] for text in texts]
    plain = [clean(text).text for text in ends]
    found = {"AFP" if name == "Agence France-Presse" else name for text in plain for name in _WIRE.findall(text)}
    found |= {_letters(one or two) for text in plain for one, two in _CREDIT.findall(text)}
    return tuple(sorted(found))


def is_of(credit: str, site: str) -> bool:
    """Is this site the outlet that a text credits?"""
    name = _letters(site.rpartition(".")[0])
    return credit == name or credit == _ARTICLE.sub("", name)


_ARTICLE = re.compile(r"^(?:les?|la|l)(?=[a-z]{4})")


def _letters(text: str) -> str:
    return re.sub("[^a-z0-9]", "", clean(text).folded.decode("latin-1"))

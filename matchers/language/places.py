"""Towns and regions by the name of their people: « l'hôpital rennais » is that of Rennes. Pure."""

from collections.abc import Callable, Mapping

_PEOPLE = (
    "Agen agenais, Aix aixois, Ajaccio ajaccien, Albi albigeois, Alençon alençonnais, Amiens amiénois, "
    "Angers angevin, Angoulême angoumoisin, Annecy annécien, Armentières armentiérois, Arles arlésien, "
    "Arras arrageois, Aurillac aurillacois, Auxerre auxerrois, Avignon avignonnais, Bastia bastiais, "
    "Bayonne bayonnais, Beauvais beauvaisien, Belfort belfortain, Besançon bisontin, Béziers biterrois, "
    "Blois blésois, Bordeaux bordelais, Bourges berruyer, Brest brestois, Brive briviste, Caen caennais, "
    "Cahors cadurcien, Calais calaisien, Cambrai cambrésien, Cannes cannois, Carcassonne carcassonnais, "
    "Castres castrais, Chambéry chambérien, Chartres chartrain, Châteauroux castelroussin, "
    "Cherbourg cherbourgeois, Cholet choletais, Clermont clermontois, Colmar colmarien, Compiègne compiégnois, "
    "Corbeil corbeillois, Dax dacquois, Dieppe dieppois, Dijon dijonnais, Douai douaisien, "
    "Dunkerque dunkerquois, Épinal spinalien, Évreux ébroïcien, Gap gapençais, Grenoble grenoblois, "
    "Guéret guérétois, Laval lavallois, Laon laonnois, Lens lensois, Lille lillois, Limoges limougeaud, "
    "Lorient lorientais, Lyon lyonnais, Mâcon mâconnais, Mans manceau, Marseille marseillais, Meaux meldois, "
    "Metz messin, Montauban montalbanais, Montpellier montpelliérain, Moulins moulinois, Mulhouse mulhousien, "
    "Nancy nancéien, Nantes nantais, Narbonne narbonnais, Nevers nivernais, Nice niçois, Nîmes nîmois, "
    "Niort niortais, Orléans orléanais, Paris parisien, Pau palois, Périgueux périgourdin, "
    "Perpignan perpignanais, Poitiers poitevin, Privas privadois, Quimper quimpérois, Reims rémois, "
    "Rennes rennais, Roanne roannais, Rochefort rochefortais, Rochelle rochelais, Rodez ruthénois, "
    "Roubaix roubaisien, Rouen rouennais, Sallanches sallanchard, Sète sétois, Strasbourg strasbourgeois, "
    "Tarbes tarbais, Toulon toulonnais, Toulouse toulousain, Valence valentinois, Valenciennes valenciennois, "
    "Vannes vannetais, Versailles versaillais, Vichy vichyssois, Villefranche caladois, Alsace alsacien, "
    "Ardèche ardéchois, Ardennes ardennais, Auvergne auvergnat, Aveyron aveyronnais, Bourgogne bourguignon, "
    "Bretagne breton, Corse corse, Creuse creusois, Essonne essonnien, Finistère finistérien, Gironde girondin, "
    "Guadeloupe guadeloupéen, Guyane guyanais, Isère isérois, Jura jurassien, Landes landais, Limousin limousin, "
    "Loire ligérien, Lorraine lorrain, Martinique martiniquais, Mayotte mahorais, Moselle mosellan, "
    "Normandie normand, Provence provençal, Savoie savoyard, Vendée vendéen, Vosges vosgien, Yvelines yvelinois, "
    "Bruxelles bruxellois, Charleroi carolo, Liège liégeois, Mons montois, Namur namurois, Anvers anversois, "
    "Genève genevois, Lausanne lausannois, Fribourg fribourgeois, Neuchâtel neuchâtelois, Berne bernois, "
    "Zurich zurichois, Montréal montréalais, Québec québécois, Luxembourg luxembourgeois, Belgique belge, "
    "Suisse helvétique, Canada canadien, Allemagne allemand, Autriche autrichien, Chine chinois, "
    "Danemark danois, Espagne espagnol, Estonie estonien, Finlande finlandais, Grèce grec, Irlande irlandais, "
    "Israël israélien, Italie italien, Japon japonais, Norvège norvégien, Pologne polonais, Portugal portugais, "
    "Russie russe, Suède suédois, Ukraine ukrainien"
)
"""Each with the word for what is of it; a people whose word says another thing too (« français ») is left out."""


def by_people(stem: Callable[[str], str]) -> Mapping[str, str]:
    """The stem of each place by that of what is of it; none where both are one."""
    pairs = (each.strip().rsplit(" ", 1) for each in _PEOPLE.split(","))
    found = {stem(people): stem(place) for place, people in pairs}
    return {people: place for people, place in found.items() if people != place}

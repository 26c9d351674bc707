"""French words that inflect less than their ending suggests."""

# Words whose plural, singular or feminine is another word: cours and cour, sens, temps.
_FIXED_WORDS = """
    accès ans après auprès avec avis bas bus campus carte cas cette compromis congrès corps cour cours dans
    dessous dessus discours divers dont elle elles entre excès fils fois fonds france gens gros hors jadis
    jamais leur leurs lors mais mars moins mois notre nous paris pays pendant plus poids porte pour prix procès
    progrès propos relais repas sans sens sont sous succès suis sur temps tiers toujours tous tout toute toutes
    trois très univers vers virus vous
"""

# Nouns that have a plural and no feminine: folded, the would-be feminine is a verb or another noun (accord, accordé).
_MASCULINE_WORDS = """
    accord achat affichage agrément amendement appel arrêt audit autour bilan bloc bois bond bord budget but
    calcul canal cap centre choc client cloud coin combat complot concert conflit conseil constat contact
    contrat contrôle coup courant cout coût cri crédit data devis doigt don droit débat début décret dédit
    défaut délit départ dépit dépôt désert détail effet effort emploi emprunt engin esprit essai essor exploit
    export fait fil fin flanc flot fond forfait format fort forum franc front gain garant goût grain guet hasard
    import impôt incident internet intérêt jet jour journal lien logiciel lot magasin mail mandat marin matériel
    mont mot moteur mur médecin nom objectif objet octet outil paiement parc parent parfum parking parquet part
    parti patron pic plafond plan plateau point pont port portail poste pot pouvoir produit profil profit projet
    préfet présent prêt quart rang rapport rayon rebond record recours recul refus regard registre rejet renfort
    report ressort retard retour retrait robot réseau secret secteur serveur seuil signal site soin soldat
    sommet sondage souci soupçon sport statut support syndicat sénat tarif taux terrain titre tour transfert
    transport travail tribunal vent verdict verrou vol volet vote web écart échec écran état éventail événement
"""

# Nouns in -ée and the like that are not the feminine of anything.
_FEMININE_WORDS = """
    alternative année archive armée arrivée aubaine capitale cathédrale centaine centrale chaîne contrée
    directive dizaine donnée douzaine durée entrée escale finale fontaine fusée haleine idée initiative journée
    laine locomotive lycée marée matinée mesure migraine morale musée offensive pensée percée perspective
    poignée portée prérogative quinzaine rentrée rive santé semaine soirée sortie spirale tournée trophée vallée
    épée
"""

FIXED = frozenset(_FIXED_WORDS.split())
MASCULINE = frozenset(_MASCULINE_WORDS.split())
FEMININE = frozenset(_FEMININE_WORDS.split())

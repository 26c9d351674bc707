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

# Words of nearly any newspaper page, folded: a term that is one of them tells nothing alone, and is no gate.
_COMMON_WORDS = """
    accord action acteur activite affaire age agent aide ailleurs ainsi ajout alors ancien annee annonce appel
    apres argent article associe assure attend aujourd autorite autre avant avenir avoir avis base beaucoup besoin
    bien bilan bon bureau but cadre campagne cas cause centre certain cette chaque chef chez chiffre choix chose cinq
    client code comme comment commune compte condition confiance conseil contact contrat contre controle cote coup
    cours cout crise culture date debat debut decision demande demain depart depuis dernier detail deux devant
    devenir developpement dire directeur direction dispositif document domaine donc donnee dossier droit duree eau
    ecole economie effet elle emploi encore enfant enfin enjeu enquete ensemble entre entreprise equipe espace
    etat etre etude euro europe europeen evolution exemple face facon faire fait famille faut femme fin fois
    fonction fonds force forme france francais frais fort garantie general gens gestion gouvernement grand
    gratuit groupe guerre haut heure histoire hier homme hopital huit idee image important information
    international internet interet jamais jeu jeune jour journee juge juin juillet jusque justice langue leur
    libre lien lieu ligne liste livre local logement loi long lors lundi maire mais maison marche mardi
    mars matin mauvais meilleur membre meme mesure mettre mieux milieu million ministere ministre mise modele
    moins mois moment monde mort mot moyen national niveau nom nombre note nouveau nouvelle numero objectif
    octobre offre ordre organisation ou outil ouverture page paris parle part partie parti partir pas passe
    patient pays pendant personne petit peu peut plan place plus plusieurs point politique population porte pose
    possible poste pour pouvoir premier prendre presence president presse prevu prix probleme prochain produit
    programme projet propos protection public qualite quand quatre question quel quelque raison rapport reforme
    region regle rencontre rendre reponse reseau reste resultat retour reunion rien risque role saison salarie
    sante securite selon semaine sens sera service seul signe site situation six social societe soir solution
    sont sortie sous soutien suite suivi sujet systeme table tard taux technique technologie temps texte titre
    toujours tous tout train travail tres trois trop trouve type unique usage usine vague vente vers vie village
    ville visite vite voie voir voiture voix vote vrai zone
"""

FIXED = frozenset(_FIXED_WORDS.split())
MASCULINE = frozenset(_MASCULINE_WORDS.split())
FEMININE = frozenset(_FEMININE_WORDS.split())
COMMON = frozenset(_COMMON_WORDS.split())

"""French words that inflect less than their ending suggests."""

# Words whose plural, singular or feminine is another word: cours and cour, sens, temps.
_FIXED_WORDS = """
    accès ailleurs alors ans appelle après assez auprès autour avant avec avis bas beaucoup bus campus carte cas
    cette chez choix comme compromis congrès corps cour cours croix dans demain depuis dessous dessus deux devant
    discours divers donc dont elle elles encore entre environ excès faut faux fils fois fond fonds font france
    gens gros hier hors huit jadis jamais leur leurs lors mais malgré mars moins mois noix notre nous paix palais
    parfois paris pays pendant peut plus poids porte pour pourtant prix procès progrès propos puis quand quelque
    quelques rappelle relais repas sans selon sens sept sera seront seulement sont souvent sous succès suis suit
    sur surtout tard taux temps tiers toujours tous tout toute toutes trois trop très univers vers virus voix vois
    volontiers vous
    aux car ces ceux dès des dit dix est été eut eux fut ils les lui mes moi mon nos non ont oui par pas pis que qui ses
    six soi son tel tes toi ton une via vos
"""

# Nouns that have a plural and no feminine: folded, the would-be feminine is a verb or another noun (accord, accordé).
_MASCULINE_WORDS = """
    accident accord achat affichage agrément ami amendement appel argent arrêt attentat audit bain balai bassin
    biais bilan bloc bois bond bord boulevard budget bulletin but butin calcul canal cap capital centre champ
    chemin choc client cloud coin combat complot concert conflit conseil constat contact contrat contrôle copain
    coup courant cout coût cri crédit data destin devis dessin déclin défaut défi délai délit départ dépit dépôt
    désert détail début débat décret dédit doigt don droit effet effort emploi emprunt enfant engin ennemi esprit
    essai essor exploit export fait festin fil film fin flanc flot forfait format forum frais franc front gain
    gardien goût grain guet hasard hiver hôtel import impôt incident ingénieur internet intérêt jardin jet jour
    journal jus latin lien logiciel lot machin magasin mail mandat marais marin matériel matin médecin mont mot
    moteur moulin mur nom objectif objet octet outil paiement pain parc parfum pari parking parquet part parti
    patin patron pic plafond plan plateau point pont port portail poste pot pouvoir produit profil profit projet
    prêt préfet présent quart raisin rang rapport rappel rayon rebond record recours recul refrain refus regard
    registre rejet renfort report requin ressort retard retour retrait robot réseau satin scrutin secret secteur
    serveur seuil signal site soin soldat sommet sondage souci soupçon sport standard statut support syndicat
    sénat talent tarif terrain test titre tour train transfert transport travail tribunal tunnel vaccin vent
    verdict verrou vin vol volet vote web écart échec écran état éventail événement
"""

# Nouns in -ée and the like that are not the feminine of anything.
_FEMININE_WORDS = """
    alternative année arche archive armée arrivée arrière assemblée attente aubaine bannière barrière bassine
    bière caractère carrière colère critère croisière filière frontière frère galère lisière lumière machine
    manière marine matière misère médecine mère patine poussière prière père rivière repère capitale cathédrale
    centaine centrale chaîne contrée cuisine descente directive dizaine donnée douzaine durée détente entente
    entrée escale fente finale fontaine fusée haleine idée initiative journée laine levée locomotive lycée marée
    marque matinée mesure migraine montée morale musée nouvelle offensive pente pensée percée perspective plaine
    plante poignée portée prérogative quarantaine quinzaine rente rentrée revente rive ruée santé semaine signale
    soirée sortie spirale tente tournée trentaine trophée urgence vallée variante vente vingtaine échelle épée
"""

# Adjectives and participles whose feminine no ending tells, each with it.
_FEMININES = """
    acquis acquise adroit adroite appris apprise assis assise beau belle blanc blanche blond blonde bref brève
    breton bretonne brun brune bourguignon bourguignonne champion championne civil civile clair claire compris
    comprise complet complète concis concise concret concrète conjoint conjointe conquis conquise construit
    construite correct correcte court courte couvert couverte cuit cuite direct directe discret discrète distinct
    distincte dur dure détruit détruite déduit déduite désuet désuète doux douce exact exacte exclu exclue expert
    experte exquis exquise fort forte fortuit fortuite froid froide futur future gentil gentille gratuit gratuite
    grec grecque gris grise géant géante impair impaire imparfait imparfaite incorrect incorrecte indirect
    indirecte indécis indécise inclus incluse inquiet inquiète inscrit inscrite instruit instruite interdit
    interdite introduit introduite joint jointe laid laide lent lente long longue majeur majeure maudit maudite
    meilleur meilleure mignon mignonne mineur mineure mort morte muet muette net nette neuf neuve noir noire
    nouveau nouvelle nul nulle obscur obscure offert offerte opportun opportune ouvert ouverte pareil pareille
    parfait parfaite permis permise petit petite plein pleine précis précise profond profonde promis promise
    public publique pur pure rejoint rejointe requis requise restreint restreinte rond ronde réduit réduite
    satisfait satisfaite sec sèche serein sereine seul seule soumis soumise strict stricte subtil subtile succinct
    succincte suspect suspecte séduit séduite sûr sûre traduit traduite turc turque vert verte vieux vieille
    wallon wallonne nul nulle élu élue vif vive éteint éteinte étroit étroite
"""

# Nouns whose plural no ending tells, each with it.
_PLURALS = """
    bail baux bal bals banal banals bijou bijoux caillou cailloux carnaval carnavals chou choux corail coraux
    émail émaux fatal fatals festival festivals final finals genou genoux naval navals natal natals récital
    récitals régal régals travail travaux vitrail vitraux bleu bleus pneu pneus aveu aveux cheveu cheveux dieu
    dieux loi lois roi rois enjeu enjeux feu feux jeu jeux lieu lieux milieu milieux neveu neveux vœu vœux adieu adieux
"""

# Words of nearly any newspaper page, folded: a term that is one of them tells nothing alone, and is no gate.
_COMMON_WORDS = """
    accord action acteur activite affaire age agent aide ailleurs ainsi ajout alors ancien annee annonce appel
    apres argent article associe assure attend aujourd autorite autre avant avenir avoir avis base beaucoup besoin
    bien bilan bon bureau but cadre campagne cas cause centre certain cette chaque chef chez chiffre choix chose
    cinq client code comme comment commune compte condition confiance conseil contact contrat contre controle cote
    coup cours cout crise culture date debat debut decision demande demain depart depuis dernier detail deux
    devant devenir developpement dire directeur direction dispositif document domaine donc donnee dossier droit
    duree eau ecole economie effet elle emploi encore enfant enfin enjeu enquete ensemble entre entreprise equipe
    espace etat etre etude euro europe europeen evolution exemple face facon faire fait famille faut femme fin
    fois fonction fonds force forme france francais frais fort garantie general gens gestion gouvernement grand
    gratuit groupe guerre haut heure histoire hier homme hopital huit idee image important information
    international internet interet jamais jeu jeune jour journee juge juin juillet jusque justice langue leur
    libre lien lieu ligne liste livre local logement loi long lors lundi maire mais maison marche mardi mars matin
    mauvais meilleur membre meme mesure mettre mieux milieu million ministere ministre mise modele moins mois
    moment monde mort mot moyen national niveau nom nombre note nouveau nouvelle numero objectif octobre offre
    ordre organisation ou outil ouverture page paris parle part partie parti partir pas passe patient pays pendant
    personne petit peu peut plan place plus plusieurs point politique population porte pose possible poste pour
    pouvoir premier prendre presence president presse prevu prix probleme prochain produit programme projet propos
    protection public qualite quand quatre question quel quelque raison rapport reforme region regle rencontre
    rendre reponse reseau reste resultat retour reunion rien risque role saison salarie sante securite selon
    semaine sens sera service seul signe site situation six social societe soir solution sont sortie sous soutien
    suite suivi sujet systeme table tard taux technique technologie temps texte titre toujours tous tout train
    travail tres trois trop trouve type unique usage usine vague vente vers vie village ville visite vite voie
    voir voiture voix vote vrai zone
"""

# Words cut short that a capital or a number follows, folded; a dot after one of them, or after one letter, is no end.
_ABBREVIATIONS = """
    al alin ann apr arr art av avr bd cf chap circ cit coll comm corp dec decr dep div dr ed edn env ex fasc fevr fig
    gal gen hab ibid inc intro janv juil lt ltd mgr mlle mm mme ms nov obs oct op ord parag pp pr pref prof ref
    reg req resp sect sept ste sq sqq st suiv suppl tel trad trib vol vs
"""

ABBREVIATIONS = frozenset(word.encode() for word in _ABBREVIATIONS.split())
FIXED = frozenset(_FIXED_WORDS.split())
MASCULINE = frozenset(_MASCULINE_WORDS.split())
FEMININE = frozenset(_FEMININE_WORDS.split())


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


FEMININES = _pairs(_FEMININES)
MASCULINES = {feminine: masculine for masculine, feminine in FEMININES.items()}
PLURALS = _pairs(_PLURALS)
SINGULARS = {plural: singular for singular, plural in PLURALS.items()}
COMMON = frozenset(_COMMON_WORDS.split())

# Words of nearly every text: as a term, each would find everything.
EMPTY = frozenset(
    b"a ai au aux avec c ce ces cet cette comme d dans de des donc du elle elles en est et etre eux il ils je l la le "
    b"les leur leurs lui ma mais me mes mon n ne nos notre nous on ont ou par pas plus pour qu que qui s sa se ses si "
    b"son sont sur ta te tes toi ton tu un une vos votre vous y".split()
)

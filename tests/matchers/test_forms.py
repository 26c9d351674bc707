"""Forms that a reader expects, and merges that would be wrong: judged pair by pair."""

import pytest

from matchers.language.families import ACCENTED, FAMILIES
from matchers.language.text import fold
from matchers.language.words import FEMININE, FEMININES, FIXED, MASCULINE, PLURALS
from matchers.watchlists.terms import inflections
from tests.matchers.builders import finds

RIGHT = """
souverain souveraines | hôpital hôpitaux | régionale régionaux | réseau réseaux | enjeux enjeu | qualifiée qualifiés
| européen européennes | citoyen citoyenne | moyen moyennes | offensif offensives | dangereux dangereuses | français
françaises | chinois chinoises | américain américaines | voisin voisines | clandestine clandestins | marchand
marchandes | premier première | hospitalière hospitaliers | financières financière | étranger étrangère | opérateur
opératrices | administrateur administratrice | hébergeur hébergeuses | supérieure supérieurs | majeur majeure |
important importantes | différente différents | récent récente | présidente président | patient patiente | migrant
migrantes | habitante habitants | lourd lourdes | chaud chaudes | bavarde bavardes | petit petites | public
publiques | publique publics | blanc blanches | neuve neuf | longue longs | complète complets | discrets discrète |
gratuit gratuites | interdits interdite | ouverte ouverts | directe directs | exact exactes | clair claires | futur
futures | seul seules | profonde profonds | travail travaux | travaux travail | vitraux vitrail | festival festivals
| jeux jeu | lieux lieu | milieu milieux | cheveux cheveu | vœux vœu | bijou bijoux | bleus bleu | nouvelle
nouvelles | nouveau nouveaux | vieux vieille | belle beaux | délais délai | amis ami | essais essai | clouds cloud |
données donnée | sanctions sanction | certification certifications | professionnelle professionnels | industriel
industrielles | criminels criminelle | local locaux | locale locales | global globales | médicaux médicale | légal
légaux | capital capitaux | canal canaux | tribunal tribunaux | journaux journal | signal signaux | métal métaux |
général générale | social sociales | tableau tableaux | niveau niveaux | bureaux bureau | jeune jeunes | libre
libres | numérique numériques | éditeur éditrices | lecteur lectrices | acteur actrice | auteur autrices |
directrice directeur | active actifs | administratif administratives | collectives collectif | breton bretonnes |
suédois suédoise | anglais anglaise | romain romaines | humaine humains | certain certaines | soudain soudaine |
permis permise | précis précise | acquise acquis | soumis soumises | grise gris | construits construite | réduite
réduit | Microsoft Microsofts | chiffrement chiffrements | amende amendes | hôtel hôtels | médecin médecins | train
trains | loi lois | lois loi | vol vols | vols vol | clé clés | nom noms | bug bugs | roi rois | cap caps | feu feux |
net nette | élu élues | vif vives | axe axes | cas cas
"""
WRONG = """
cour cours | cours cour | port porte | porte port | sens sen | temps temp | données donné | accord accorde | vent
vente | vente vent | capital capitale | capitale capital | médecin médecine | marin marine | bassin bassine | machin
machine | dessin dessine | vaccin vaccine | destin destine | jardin jardine | chemin chemine | train traine |
terrain terraine | plant plante | plante plant | chant chante | gant gante | enfant enfante | accident accidente |
argent argente | respect respecte | test teste | post poste | film filme | golf golfe | exil exile | déclin décline
| abord aborde | record recorde | sort sorte | commun commune | commune commun | second seconde | contraint
contrainte | conduit conduite | surpris surprise | pris prise | mis mise | remis remise | entrepris entreprise |
découvert découverte | atteint atteinte | craint crainte | plaint plainte | poursuit poursuite | suit suite | font
fonte | faut faute | tard tarde | trop trope | voix vois | choix chois | paix pais | prix pris | taux tal | appelle
appel | rappel rappelle | signal signale | signale signal | armée armé | biais biaise | frais fraise | palais
palaise | éclair éclaire | ingénieur ingénieuse | motif motiva | mère mer | manière manier | prière prier | lumière
lumier | matière matier | carrière carrier | cuisine cuisin | machine machin | semaine semain | fontaine fontain |
plaine plain | regard regarde | retard retarde | hasard hasarde | tente tent | attente attent | année anné | journée
journé | entrée entré | montée monté | levée levé | ruée rué | règlement réglementé | virus viru | bus bu
| avis avi | procès procè | pays pay | Outscale Outscal | SNDS SNDSS | certification certificatione | logiciel
logicielle | matériel matérielle | conseil conseille | travail travaille | appareil appareille | accueil accueille |
signature signatur | handicap handicape | abus abuse | club clube | stock stocke | block blocke | contrat contrate |
débat débate | achat achate | combat combate | format formate | mandat mandate | constat constate | contrôle
contrôlé! | report reporte | support supporte | transport transporte | export exporte | import importe | apport
apporte | rapport rapporte | effort efforte | confort conforte | renfort renforte | projet projete | rejet rejete |
objet objete | budget budgete | parquet parquete | brevet brevete | billet billete | point pointe | front fronte |
affront affronte | mont monte | pont ponte | fond fonde | bond bonde | champ champe | camp campe | coup coupe |
group groupe | drap drape | loup loupe | choc choque | trac traque | bloc bloque | parc parque | fil file | film
filmes | mal male | bal bale | poil poile | seuil seuille | deuil deuille | but bute | débit débite | crédit crédite
| profit profite | conflit conflite | esprit esprite | audit audite | récit récite | délit délite | fruit fruite |
bruit bruite | produit produite | droit droite | exploit exploite | toit toite | soldat soldate | état étate | plat
plate | chat chate | rat rate | pacte pact | trois troi
| mois moi | sur surs | par pars | des dess | bus bu | Aix ai | fois foi | bois boi | poids poid
"""


def pairs(text: str) -> list[tuple[str, str]]:
    found = [tuple(pair.split()) for pair in text.replace("\n", " ").split("|")]
    return [(one, other) for one, other in found if not other.endswith("!")]


def test_a_reader_expects_these_forms() -> None:
    assert [pair for pair in pairs(RIGHT) if not finds(*pair)] == []


def test_these_are_two_words_each() -> None:
    assert [pair for pair in pairs(WRONG) if finds(*pair)] == []


def test_the_lists_of_words_do_not_contradict_each_other() -> None:
    assert not MASCULINE & FEMININE
    assert not FIXED & (MASCULINE | FEMININE)
    assert not FEMININES.keys() & (MASCULINE | FIXED)
    assert not PLURALS.keys() & FIXED
    assert all(word == word.lower() for word in FIXED | MASCULINE | FEMININE)


def test_a_form_leads_back_to_its_word_or_is_a_word_of_its_own() -> None:
    """No chain: the forms of a form are forms of the word, but where two words meet."""
    for term, form in pairs(RIGHT):
        if form in inflections(term) and term.islower():
            assert {fold(each) for each in inflections(term)} & {fold(each) for each in inflections(form)}


# --- families: every word of every family was judged; here are the near ones
LEFT = {
    "chiffrer": "chiffre chiffres chiffrent",
    "migrer": "migrant migrants",
    "administrer": "administrateur administratif",
    "héberger": "auberge",
    "souverain": "souvent suzerain",
    "certifier": "certain",
    "auditer": "audition auditoire",
    "stocker": "stock stocks",
    "protéger": "protecteur projet",
    "fuiter": "fuit fuir fuyard",
    "labelliser": "labeur",
    "sanctionner": "sanctuaire",
    "attribuer": "attribut tribu",
    "racheter": "acheter achat",
    "dépendre": "indépendance suspendre",
}
HELD = {
    "chiffrer": "chiffré chiffrés chiffrée chiffrées chiffrement chiffrer chiffrera CHIFFRÉ",
    "héberger": "hébergements hébergeait hébergeant hébergé hébergeurs hébergeuse",
    "souverain": "souveraineté souveraines souverainistes",
    "localiser": "localisation relocalisera relocalisés",
    "protéger": "protège protections protégeait protégées",
    "renouveler": "renouvelé renouvelle renouvellement",
    "racheter": "rachat rachète racheté",
    "interdire": "interdiction interdit interdisait",
    "exfiltrer": "exfiltrées exfiltration",
}


@pytest.mark.parametrize("name", LEFT)
def test_a_family_leaves_its_neighbours(name: str) -> None:
    assert [word for word in LEFT[name].split() if finds(f"~{name}", word)] == []


@pytest.mark.parametrize("name", HELD)
def test_a_family_holds_its_words(name: str) -> None:
    assert [word for word in HELD[name].split() if not finds(f"~{name}", word)] == []


def test_a_form_that_folds_to_another_word_counts_only_with_its_accents() -> None:
    assert finds("~chiffrer", "un disque chiffré")
    assert finds("~chiffrer", "DISQUES CHIFFRÉS")
    assert not finds("~chiffrer", "un CHIFFRE rond")
    assert all(any(form in forms for forms in FAMILIES.values()) for form in ACCENTED)

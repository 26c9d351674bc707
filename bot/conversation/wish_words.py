"""The words of which wishes are made, folded as `wishes.folded` does."""


def words_in(listed: str) -> frozenset[str]:
    """The words that stand there, a blank between two."""
    return frozenset(listed.split())


FILLER = words_in(
    """
    dejeuner diner g lunch repas entre between minuit midnight midi noon up who are times fois max maximum
    plutot plutôt rather janvier fevrier
    février avril juin juillet aout août septembre octobre novembre decembre décembre january february april june july
    august september october november december dec nov oct sept jan
    actuellement arrive arrivent commence comptabilise coming cela celle celles celui ceux couramment là moment
    ouverte ouvertes ouverts ouvert personnel personnelle personnelles personnels personal pourrait pourriez
    reponde réponde
    répondre start starts tiens travaille tranquillement instead whom
    up entre between absolument actives actuelles combien comme concretement concrètement couvres couvrez dispo
    dispos disponible
    disponibles exactement existantes existe existent globalement il lire lis lisez normalement precisement
    précisément
    quotidiennement regarde regardes regardez scrutes seule seul surveillees surveillées surveille surveilles
    surveillez which many cover covered
        a about actuellement afin ai aie ailleurs aimer aimerais aimerait ajd all alors am an and any anything apres
    après are as au aucun aucune auj aujourd aurai aurais aurait auriez aussi autre autres aux auxquelles
    auxquels avais avance avant avec avez avoir avons bah bcp be been being ben besoin between bien bisou bisous
    bon bonjour bonjours bonne bonsoir bot but by c ca can car ce ceci cela ces cet cette change changer changez
    chaque cher chere chez chui ci comme compte cordial cordialement coucou could crois d d'avance dac daily
    dans de deja depuis des desole desormais devant devrais did didn dire directement dis dites do does doesn
    dois doit don donc donne donner donnez dont ds du désolé each elle elles en encore entre envoie envoies
    envoyer envoyez envoyé es est et etais etait etes etre euh eux every faire fais fait faites faudra faudrait
    faut fois for franchement from gentil get getting gimme give going gonna gracieusement hein hello here hey
    hi hop hui i ici if il ils im in is isn it its j j'aimerais jamais je journee journée jsais jsuis just juste
    jveux jvoudrais know l la le les let leur like longtemps lui m ma madame maintenant mais matin may me meme
    merci mes met mets mettez mettre mm modifie modifier moi mon monsieur montre montrer montrez mtn my n ne
    need never ni nickel no non nos not nothing notre nous now of oh ok on only or ou oui par parait parle
    parler parles parlez pars part partir pas passe passer passez perso petit petite peu peut peux plai plait
    plait-il plaît please pls plus plz possible pour pourrais pourrait pourriez pouvez pouvoir ppl pr pratique
    prefer prefere preferer prevenez prevenir previens prochainement préféré puis puisse put qu quand que quel
    quelconque quelle quelles quelqu quelque quels qui quoi quotidien quotidienne rapidement re really receive
    received recevoir recois recoit recu recus regle regler rentrons reçu rien s sa sais salut sans sauf savoir
    se send sending sends sent sera serais serait serait-il seriez ses set seulement show si sil simplement
    sinon sir soit some something sommes son sont sorry souhaite souhaiterais souhaiterait speak still stp suite
    super sur sure svp switch t ta tant te tes thank thanks that the them then there this those thx tjr tjrs tjs
    tkt to today toi ton tous tout toute toutes ts tt ttes tu u un une uniquement ur urgent va vais vas vers
    veuillez veut veux via vigie vite voila voir voire volontiers vos votre vou voudrais voudrait voudrions
    voulais voulez vouloir vous voyons vraiment wanna want we were what whats will with would y ya yes yet you
    your youve
    """
)
"""What only carries a wish: pronouns, courtesy, verbs of asking and giving."""

GROUPS = {
    "alerts": words_in(
        """
        alert alerte alertes alerts chose email emails envoi envois flash flashes flashs historique
        history mail mails message messages msg msgs notif notification notifications notifs ping pings
        push sonnerie sonneries truc trucs
        """
    ),
    "stops": words_in(
        """
        baskets grappe lache lachez tranquille
        arrete arreter arretes arretez assez bloque bloquer cancel cesse cesser cessez coupe couper
        coupez desabonne desabonnement desabonner desabonnez desactive desactiver desactivez
        desinscription desinscrire desinscris desinscrivez enough fiche fichez fous foutez foutre leave
        marre off quit quitte quitter remove resiliation resilie resilier résilié stop stoppe stopper
        stoppez suffit unsubscribe
        """
    ),
    "ends": words_in(
        """
        enleve enlever enlevez retire retirer retirez delete efface effacer effacez erase forget oublie oublier
        oubliez supprime
        supprimer supprimez
        """
    ),
    "refuses": words_in("pa aucun aucune don jamais ne never no not nothing pas plus rien sans stop without"),
    "resumes": words_in(
        """
        active activer activez again back enable rallume rallumer reabonne reabonner reactivate reactive
        reactiver reactives reactivez recommence recommencer recommencez redemarre redemarrer redemarrez
        relance relancer relancez remet remets remettez remettre rentré rentrée reprend reprendre
        reprends reprenez reprise restart resume retour revenez revenu revenue revenus reviens start
        unmute unpause
        """
    ),
    "pauses": words_in(
        """
        absent absente alone calme chut conge conges congé congés derange deranger deranges derangez
        disturb dors dérangé holiday holidays laisse laissez later muet mute night nuit nuits paix pause
        pauses peace quiet silence silences silencieux snooze soir soiree sourdine taire tais taisez
        tard tonight tranquille vacances vacation
        """
    ),
    "much": words_in(
        """
        beaucoup diminue diminuer envahi fewer inondé less many moins much noye noyé often reduire
        reduis reduisez souvent spam spammer submergé tellement too trop
        """
    ),
    "times": words_in(
        """
        am aout apres april august avril cinq day days december decembre demain deux during end february
        fevrier fin five four friday h heure heures hier hour hours january janvier jeudi jour journee
        journees journée jours juillet juin july june jusqu jusque lundi mai march mardi mars matin
        matinee matins matinée may mercredi midi min minute minutes mois moment monday month months
        morning next november novembre october octobre pendant pm prochain prochaine quatre semaine
        semaines september septembre soir temps three thursday till tomorrow trois tuesday two until
        vendredi wednesday week weeks while yesterday
        """
    ),
    "daysoff": words_in(
        """
        dimanche dimanches end ferie feries férié fériés samedi samedis saturday saturdays sunday
        sundays week weekend weekends wend
        """
    ),
    "why": words_in("came come pk pkoi pourkoi pourquoi pq provient raison reason sors sortez venir viens vient why"),
    "what": words_in(
        """
        explain explique expliquer expliquez kezako koi mean means qu que quoi signifie veut what
        """
    ),
    "digests": words_in(
        """
        actu actualite actualites actualité actualités actus bilan dernier derniere dernieres derniers
        digest digests info infos latest neuf new news nouveau nouveaute nouveautes nouveauté nouveautés
        nouveaux nouvelle nouvelles point quotidien recap recapitulatif recaps resume resumer resumes
        resumé résumé résumés summaries summary synthese topo update updates
        """
    ),
    "weekly": words_in("hebdo hebdomadaire semaine week weekly"),
    "happened": words_in(
        """
        arrive arrivé change changed changé happen happened loupé manqué passe passé passées rate raté
        """
    ),
    "languages": words_in("anglais anglaise english francais francaise french language langue"),
    "hours": words_in("h heure heures horaire horaires hour hours time"),
    "lists": words_in(
        """
        abonne abonnement abonnements abonnes abonné abonnée abonnés follow following list liste listes
        rubrique rubriques
        lists souscrit subscribed subscription subscriptions suis suivi suivies suivis sujets theme themes
        thème thèmes topics
        veille veilles watchlist watchlists
        """
    ),
    "sources": words_in(
        """
        feed feeds flux journal journaux magazines media medias médias newspaper newspapers outlet outlets
        presse publication publications site sites source sources
        """
    ),
    "subscribes": words_in(
        """
        notifie notifié notifiée notifiés prevenu prévenu
        abonne abonnee abonnement abonnements abonner abonnez abonné abonnée inscription inscrire inscris inscrit
        inscrite subscribe subscribed subscription
        """
    ),
    "formats": words_in("csv excel html odt pdf word xlsx"),
    "essentials": words_in(
        """
        essentiel essentielles essentiels important importante importantes importants urgence urgences urgent urgents
        """
    ),
    "due": words_in("rendre remettre repondre répondre reponde réponde submit"),
    "moves": words_in(
        """
        bascule basculer change changer changez descend descendre met mets mettez mettre move passe passer passez put
        rajoute rajouter set switch
        """
    ),
    "levels": words_in(
        "direct flash hebdo hebdomadaire immediat immédiat instantane quotidien quotidienne weekly daily"
    ),
    "untimely": words_in("early late tard tot tôt"),
    "unclear": words_in("jcomprends compri comprend comprends compris comprenez understand"),
    "interests": words_in(
        """
        sujet
        concerne concernent interessant interessante interesse interessent interested interesting pertinent pertinente
        relevant utile utiles
        """
    ),
    "offtopic": words_in("erreur hors irrelevant faux fausse noise"),
    "persons": words_in(
        """
        admin administrateur administrateurs contact contacter gere geres gerez humain human humaine joindre
        responsable responsables
        """
    ),
    "reads": words_in(
        "combien couvres couvrez cover lire lis lisez many regardes scrutes surveille surveilles surveillez"
    ),
    "briefs": words_in("revue brief briefing briefings briefer fiche memo mémo note notes synthese synthèse"),
    "makes": words_in(
        """
        besoin draft ecrire ecris ecrivez elabore faire fais faites faut genere generer make need pond prepare
        preparer
        preparez produis produire redige rediger redigez write
        """
    ),
    "superiors": words_in(
        """
        board boss cabinet chef cheffe client codir comex comite comité conseil direction directeur directrice
        dg dirigeants
        dpo dsi elus equipe équipe hierarchie management manager meeting ministre patron patronne president
        reunion réunion
        rssi team
        """
    ),
    "rights": words_in(
        "acces accès droit droits rgpd gdpr rectification effacement opposition portabilite portabilité"
    ),
    "deadlines": words_in(
        """
        agenda calendrier deadline deadlines delai delais due echeance echeances limite limites
        """
    ),
    "dates": words_in("bientot date dates mois next prochain prochaine prochaines prochains upcoming venir"),
    "works": words_in(
        """
        actif active activé alive bug bugge bugué dead down fonctionne fonctionnes la marche marches
        mort panne repond reponds running répond there vivant vivante work working works
        """
    ),
    "data": words_in("consent consentement fichiers data donnee donnees donnée données"),
    "keeps": words_in(
        """
        stockees stockées stockee conservees conservées gardees gardées collectees collectées enregistrees
        enregistrées
        about collect garde gardes gardez keep me mes moi my stocke stockes stockez store sur
        """
    ),
    "missed": words_in(
        """
        loupe loupé manque manques manqué manqués miss missed missing oublie oublié oubliée rate raté
        ratée ratés
        """
    ),
    "articles": words_in("article articles papier papiers"),
    "helps": words_in(
        """
        aide aider aides aidez capable command commande commandes commands comprend comprends compris
        emploi guide help doc docs documentation instruction instructions tuto tutoriel lost manuel mode perdu
        secours sert servir sos
        understand use using utilise utiliser utilisez
        """
    ),
    "asks": words_in("comment how ou qu que quelles quoi what where which"),
    "gets": words_in("get got received recevoir recois recu recus reçu vu"),
    "these": words_in("ai c ca ce ceci cela ces cet cette did est l la le m ne that these this"),
    "until": words_in("during jusqu jusque pendant till until"),
    "sets": words_in(
        """
        a at change changer changez changé envoie envoyer met mets mettez mettre modifie modifier pour
        prefere recevoir regle regler send set veux voudrais
        """
    ),
    "clock": words_in("7h"),
    "only": words_in("just juste only que seulement uniquement"),
    "ends_of_it": words_in("ca envoie envoies envoyer envoyez m me moi recevoir recois send sending"),
    "able": words_in("can do faire fais faites peux possible puis sais sers"),
    "self": words_in("bot vigie"),
    "shows": words_in("donne donner donnez mes montre montrer montrez my rappel rappels show voir"),
    "holds": words_in(
        """
        stockees stockées conservees conservées gardees gardées collectees collectées collect garde gardes gardez keep
        keeping stocke stockes stockez store stored
        """
    ),
    "terms": words_in("cle cles clé clés clef clefs keyword keywords mot mots term terme termes terms"),
    "adds": words_in("add ajoute ajouter ajoutez create creer inscrire nouvelle nouveau suivre"),
    "settings": words_in(
        """
        config configuration option options parametre parametres preference preferences reglage reglages
        settings
        """
    ),
    "nights": words_in(
        """
        evening evenings night nights nocturne nuit nuits soir soiree soirees soirs tard tonight
        """
    ),
    "weekdays": words_in(
        """
        dimanche friday jeudi lundi mardi mercredi monday samedi saturday sunday thursday tuesday
        vendredi wednesday
        """
    ),
    "everyweek": words_in(
        """
        dimanches fridays jeudis lundis mardis mercredis mondays samedis saturdays sundays thursdays
        tuesdays vendredis wednesdays
        """
    ),
    "every": words_in("everything tout chaque every except hormis sauf tous toutes"),
    "exports": words_in(
        """
        copie copy download export exporte exporter exportez extraction fichier file recuperation
        sauvegarde
        """
    ),
    "before": words_in("avant before"),
    "after": words_in("after apres après"),
}
"""What a word of a wish may be; one may be of several groups."""

STEMS = {
    stem: word
    for word, stems in {
        "montre": "affich indiqu rappel rappell redonn renvo renvoi",
        "gardez": "collect conserv detien enregistr gard possed stock",
        "exporte": "telecharg recuper extrai export",
        "arrete": "arret cess desabonn desactiv desinscri stopp resili",
        "efface": "effac supprim",
        "remets": "reactiv redemarr relanc remet remett repren rallum reabonn recommenc",
        "reduis": "diminu redui",
        "envoie": "envo envoi envoy enverr",
        "recois": "recev recoi",
        "deranges": "bother wak disturb derang embet reveill saoul soul enquiquin",
        "alertes": "ping text messag spamm buzz notifi bip",
        "change": "chang modifi regl decal",
        "veux": "aimer continu essay faudr pouv pourr prefer souhait transmett voudr voul devr dev",
    }.items()
    for stem in stems.split()
}
"""The beginnings of verbs, and a word that stands for all their forms."""

NEWS = words_in(
    """
    notifié prevenu prévenu sujet dejeuner repas lunch abonne abonnee abonné abonnée inscription inscrit csv
    excel html pdf word essentiel essentiels important
    importants
    urgence urgences urgent urgents fichiers consentement consent rendre retire revue admin administrateur
    administrateurs arrive concerne contact direct doc docs documentation erreur
    fausse faux hors humain
    interessant ouvert personnel personnels pertinent responsable responsables tard travaille tuto tutoriel
    utile ouverts
    acces accès brief briefing cabinet chef client comex comite comité conseil direction directeur dpo droit
    droits effacement
    elus equipe équipe feed feeds fiche flux gdpr journal journaux magazines manager management media medias
    médias meeting
    memo ministre mémo note notes opposition portabilite portabilité presse president publication publications
    rectification reunion rgpd rssi réunion site sites source synthese synthèse theme themes thème thèmes
    accord account actif active add ajoute ajouter apres après article articles autre autres avant bug calme
    chose cle clef cles clé clés commande commandes conge copie copy create creer data date dates delai delais
    demande dimanche disturb donnee donnees donnée données download email emails end envoi envois every
    everything export extraction ferie feries fichier file fin flash flashes friday férié fériés guide heure
    heures hier historique history hour hours jeudi jour journee journees journée jours keyword keywords la
    langue leave limite list liste lundi mail mails manque manqué mardi mercredi message messages midi mode mois
    monday month months mort mots nocturne nuit nuits off oubli oublie oublié paix panne paper papier papiers
    parle peace point push raison rappel rappels rate raté reason rentré rentrée reprise resiliation resilie
    retour revenu revenue revenus résilié samedi saturday sauvegarde semaine semaines signifie silence soir spam
    suivi suivis sujets sunday term terme termes terms text thursday time times topics tous toutes travail truc
    tuesday update vendredi wednesday week weekend weeks wend work works
    """
)
"""Alone, or behind an article, these are words of the world rather than wishes."""

LITTLE = words_in("le la les l un une des du de d the a")

"""The words of which wishes are made, folded as `wishes.folded` does."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


FILLER = _words(
    """
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
    "alerts": _words(
        """
        alert alerte alertes alerts chose email emails envoi envois flash flashes flashs historique
        history mail mails message messages msg msgs notif notification notifications notifs ping pings
        push sonnerie sonneries truc trucs
        """
    ),
    "stops": _words(
        """
        arrete arreter arretes arretez assez bloque bloquer cancel cesse cesser cessez coupe couper
        coupez desabonne desabonnement desabonner desabonnez desactive desactiver desactivez
        desinscription desinscrire desinscris desinscrivez enough fiche fichez fous foutez foutre leave
        marre off quit quitte quitter remove resiliation resilie resilier résilié stop stoppe stopper
        stoppez suffit unsubscribe
        """
    ),
    "ends": _words(
        """
        delete efface effacer effacez erase forget oublie oublier oubliez supprime supprimer supprimez
        """
    ),
    "refuses": _words("aucun aucune don jamais ne never no not nothing pas plus rien sans stop without"),
    "resumes": _words(
        """
        active activer activez again back enable rallume rallumer reabonne reabonner reactivate reactive
        reactiver reactives reactivez recommence recommencer recommencez redemarre redemarrer redemarrez
        relance relancer relancez remet remets remettez remettre rentré rentrée reprend reprendre
        reprends reprenez reprise restart resume retour revenez revenu revenue revenus reviens start
        unmute unpause
        """
    ),
    "pauses": _words(
        """
        absent absente alone calme chut conge conges congé congés derange deranger deranges derangez
        disturb dors dérangé holiday holidays laisse laissez later muet mute night nuit nuits paix pause
        pauses peace quiet silence silences silencieux snooze soir soiree sourdine taire tais taisez
        tard tonight tranquille vacances vacation
        """
    ),
    "much": _words(
        """
        beaucoup diminue diminuer envahi fewer inondé less many moins much noye noyé often reduire
        reduis reduisez souvent spam spammer submergé tellement too trop
        """
    ),
    "times": _words(
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
    "daysoff": _words(
        """
        dimanche dimanches end ferie feries férié fériés samedi samedis saturday saturdays sunday
        sundays week weekend weekends wend
        """
    ),
    "why": _words("came come pk pkoi pourkoi pourquoi pq provient raison reason venir viens vient why"),
    "what": _words(
        """
        explain explique expliquer expliquez kezako koi mean means qu que quoi signifie veut what
        """
    ),
    "digests": _words(
        """
        actu actualite actualites actualité actualités actus bilan dernier derniere dernieres derniers
        digest digests info infos latest neuf new news nouveau nouveaute nouveautes nouveauté nouveautés
        nouveaux nouvelle nouvelles point quotidien recap recapitulatif recaps resume resumer resumes
        resumé résumé résumés summaries summary synthese topo update updates
        """
    ),
    "weekly": _words("hebdo hebdomadaire semaine week weekly"),
    "happened": _words(
        """
        arrive arrivé change changed changé happen happened loupé manqué passe passé passées rate raté
        """
    ),
    "languages": _words("anglais anglaise english francais francaise french language langue"),
    "hours": _words("h heure heures horaire horaires hour hours time"),
    "lists": _words(
        """
        abonne abonnement abonnements abonnes abonné abonnée abonnés follow following list liste listes
        lists souscrit subscribed subscription subscriptions suis suivi suivies suivis sujets topics
        veille veilles watchlist watchlists
        """
    ),
    "deadlines": _words(
        """
        agenda calendrier deadline deadlines delai delais due echeance echeances limite limites
        """
    ),
    "dates": _words("bientot date dates mois next prochain prochaine prochaines prochains upcoming venir"),
    "works": _words(
        """
        actif active activé alive bug bugge bugué dead down fonctionne fonctionnes la marche marches
        mort panne repond reponds running répond there vivant vivante work working works
        """
    ),
    "data": _words("data donnee donnees donnée données"),
    "keeps": _words(
        """
        about collect garde gardes gardez keep me mes moi my stocke stockes stockez store sur
        """
    ),
    "missed": _words(
        """
        loupe loupé manque manques manqué manqués miss missed missing oublie oublié oubliée rate raté
        ratée ratés
        """
    ),
    "articles": _words("article articles papier papiers"),
    "helps": _words(
        """
        aide aider aides aidez capable command commande commandes commands comprend comprends compris
        emploi guide help instruction instructions lost manuel mode perdu secours sert servir sos
        understand use using utilise utiliser utilisez
        """
    ),
    "asks": _words("comment how ou qu que quelles quoi what where which"),
    "gets": _words("get got received recevoir recois recu recus reçu vu"),
    "these": _words("ai c ca ce ceci cela ces cet cette did est l la le m ne that these this"),
    "until": _words("during jusqu jusque pendant till until"),
    "sets": _words(
        """
        a at change changer changez changé envoie envoyer met mets mettez mettre modifie modifier pour
        prefere recevoir regle regler send set veux voudrais
        """
    ),
    "clock": _words("7h"),
    "only": _words("just juste only que seulement uniquement"),
    "ends_of_it": _words("ca envoie envoies envoyer envoyez m me moi recevoir recois send sending"),
    "able": _words("can do faire fais faites peux possible puis sais sers"),
    "self": _words("bot vigie"),
    "shows": _words("donne donner donnez mes montre montrer montrez my rappel rappels show voir"),
    "holds": _words("collect garde gardes gardez keep keeping stocke stockes stockez store stored"),
    "terms": _words("cle cles clé clés clef clefs keyword keywords mot mots term terme termes terms"),
    "adds": _words("add ajoute ajouter ajoutez create creer inscrire nouvelle nouveau suivre"),
    "settings": _words(
        """
        config configuration option options parametre parametres preference preferences reglage reglages
        settings
        """
    ),
    "nights": _words(
        """
        evening evenings night nights nocturne nuit nuits soir soiree soirees soirs tard tonight
        """
    ),
    "weekdays": _words(
        """
        dimanche friday jeudi lundi mardi mercredi monday samedi saturday sunday thursday tuesday
        vendredi wednesday
        """
    ),
    "everyweek": _words(
        """
        dimanches fridays jeudis lundis mardis mercredis mondays samedis saturdays sundays thursdays
        tuesdays vendredis wednesdays
        """
    ),
    "every": _words("everything tout chaque every except hormis sauf tous toutes"),
    "exports": _words(
        """
        copie copy download export exporte exporter exportez extraction fichier file recuperation
        sauvegarde
        """
    ),
    "before": _words("avant before"),
    "after": _words("after apres après"),
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

NEWS = _words(
    """
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

LITTLE = _words("le la les l un une des du de d the a")

"""The words of which wishes are made, folded as `wishes.folded` does."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


FILLER = _words(
    """
    a about actuellement ai aie aimer aimerais aimerait all alors am an and any anything are as au aucun aucune
    aujourd aurais aurait aussi aux auxquelles auxquels avance avant avec avez avoir avons bah be been being ben
    besoin bien bon bonjour bonne bonsoir bot but by c ca can ce ceci cela ces cet cette change changer changez
    chaque cher chere ci comme cordialement coucou could d d'avance daily dans de deja des desole desormais did
    didn dire dis dites do does doesn dois doit don donc donne donner donnez du désolé each elle elles en encore
    envoie envoies envoyer envoyez envoyé es est et etais etait etes etre euh eux every faire fais fait faites
    faudrait faut for from gentil get getting give hein hello here hey hi hui i ici if il ils in is isn it its j
    jamais je just juste l la le les let leur like lui m ma madame maintenant mais matin may me merci mes met
    mets mettez mettre modifie modifier moi mon monsieur montre montrer montrez my n ne need never ni no non nos
    not nothing notre nous now of oh ok on only or ou oui par parle parler parles parlez pas passe passer passez
    peu peut peux plait plaît please pls plus possible pour pourrais pourrait pourriez pouvez pouvoir prefer
    prefere preferer préféré puis put qu quand que quel quelle quelles quelqu quelque quels qui quoi quotidien
    quotidienne re really receive received recevoir recois recoit recu recus regle regler reçu rien s sa sais
    salut savoir se send sending sends sent sera serait ses set seulement show si sil soit some something son
    sont souhaite souhaiterais souhaiterait speak still stp suite super svp switch t ta te tes thank thanks that
    the them then there this those thx to today toi ton tous tout toute toutes tu un une uniquement va vais vas
    veuillez veut veux vigie voir voire vos votre voudrais voudrait voudrions voulais voulez vouloir vous
    vraiment want we were will with would y yes yet you your
    """
)
"""What only carries a wish: pronouns, courtesy, verbs of asking and giving."""

GROUPS = {
    "alerts": _words(
        """
        alert alerte alertes alerts chose email emails envoi envois flash flashes flashs mail mails message
        messages msg msgs notif notification notifications notifs ping pings push sonnerie sonneries truc trucs
        """
    ),
    "stops": _words(
        """
        arrete arreter arretes arretez assez bloque bloquer cancel cesse cesser cessez coupe couper coupez
        desabonne desabonnement desabonner desabonnez desactive desactiver desactivez desinscription desinscrire
        desinscris desinscrivez enough fiche fichez fous foutez foutre leave marre quit quitte quitter remove
        resiliation resilie resilier résilié stop stoppe stopper stoppez suffit unsubscribe
        """
    ),
    "ends": _words("delete efface effacer effacez erase forget oublie oublier oubliez supprime supprimer supprimez"),
    "refuses": _words("aucun aucune don jamais ne never no not nothing pas plus rien sans stop without"),
    "resumes": _words(
        """
        active activer activez again back enable on rallume rallumer reabonne reabonner reactivate reactive
        reactiver reactives reactivez recommence recommencer recommencez redemarre redemarrer redemarrez relance
        relancer relancez remet remets remettez remettre reprend reprendre reprends reprenez reprise restart
        resume revenez reviens start turn unmute unpause
        """
    ),
    "pauses": _words(
        """
        absent absente alone calme chut conge conges congé congés derange deranger deranges derangez disturb
        dors dérangé holiday holidays laisse laissez later muet mute night nuit nuits paix pause pauses peace
        quiet silence silences silencieux snooze soir soiree sourdine taire tais taisez tard tonight tranquille
        vacances vacation
        """
    ),
    "much": _words(
        """
        beaucoup diminue diminuer envahi fewer less many moins much noye noyé often reduire reduis reduisez
        souvent spam tellement too trop
        """
    ),
    "times": _words(
        """
        am aout apres april august avril cinq day days december decembre demain deux during end february fevrier
        fin five four friday h heure heures hour hours january janvier jeudi jour jours juillet juin july june
        jusqu jusque lundi mai march mardi mars matin may mercredi midi min minute minutes mois moment monday
        month months morning next november novembre october octobre pendant pm prochain prochaine quatre semaine
        semaines september septembre soir temps three thursday till tomorrow trois tuesday two until vendredi
        wednesday week weeks while
        """
    ),
    "daysoff": _words(
        """
        dimanche dimanches end ferie feries férié fériés samedi samedis saturday saturdays sunday sundays week
        weekend weekends wend
        """
    ),
    "why": _words("came come pk pkoi pourkoi pourquoi pq provient raison reason venir viens vient why"),
    "what": _words("explain explique expliquer expliquez kezako koi mean means qu que quoi signifie veut what"),
    "digests": _words(
        """
        actu actualite actualites actualité actualités actus bilan dernier derniere dernieres derniers digest
        digests info infos latest neuf new news nouveau nouveaute nouveautes nouveauté nouveautés nouveaux
        nouvelle nouvelles point recap recapitulatif recaps resume resumer resumes resumé résumé résumés
        summaries summary synthese topo update updates
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
        abonne abonnement abonnements abonné abonnée abonnés follow following list liste listes lists souscrit
        subscribed subscription subscriptions suis suivi suivies suivis sujets topics veille veilles watchlist
        watchlists
        """
    ),
    "deadlines": _words("agenda calendrier deadline deadlines delai delais due echeance echeances limite limites"),
    "dates": _words("bientot date dates mois next prochain prochaine prochaines prochains upcoming venir"),
    "works": _words(
        """
        actif active activé alive bug bugge bugué dead down fonctionne fonctionnes la marche marches mort panne
        repond reponds running répond there vivant vivante work working works
        """
    ),
    "data": _words("data donnee donnees donnée données"),
    "keeps": _words("collect garde gardes gardez keep me mes moi my stocke stockes stockez store"),
    "missed": _words(
        """
        loupe loupé manque manques manqué manqués miss missed missing oublie oublié oubliée rate raté ratée
        ratés
        """
    ),
    "articles": _words("article articles papier papiers"),
    "helps": _words(
        """
        aide aider aides aidez capable command commande commandes commands comprend comprends compris emploi
        guide help instruction instructions lost manuel mode perdu secours sert servir sos understand use using
        utilise utiliser utilisez
        """
    ),
    "asks": _words("comment how ou qu que quelles quoi what where which"),
    "gets": _words("get got received recevoir recois recu recus reçu vu"),
    "these": _words("ai c ca ce ceci cela ces cet cette did est l la le m ne that these this"),
    "until": _words("during jusqu jusque pendant till until"),
    "sets": _words(
        """
        a at change changer changez changé envoie envoyer met mets mettez mettre modifie modifier pour prefere
        recevoir regle regler send set veux voudrais
        """
    ),
    "clock": _words("7h"),
    "only": _words("just juste only que seulement uniquement"),
    "ends_of_it": _words("ca envoie envoies envoyer envoyez m me moi recevoir recois send sending"),
    "able": _words("can do faire fais faites peux possible puis sais sers"),
    "self": _words("bot vigie"),
    "shows": _words("donne donner donnez mes montre montrer montrez my show voir"),
    "settings": _words(
        """
        config configuration option options parametre parametres preference preferences reglage reglages
        settings
        """
    ),
}
"""What a word of a wish may be; one may be of several groups."""

NEWS = _words(
    """
    accord actif active article articles bug calme chose commande commandes conge data date dates delai delais
    disturb donnee donnees donnée données email emails end envoi envois ferie feries fin flash flashes férié
    fériés guide heure heures hour hours jour jours la langue leave limite list liste mail mails manque manqué
    message messages mode mois month months mort mots nuit nuits oubli oublie oublié paix panne paper papier
    papiers parle peace point push raison rate raté reason reprise resiliation resilie résilié semaine semaines
    signifie silence soir spam suivi suivis sujets time times topics travail truc update week weekend weeks wend
    work works
    """
)
"""Alone, or behind an article, these are words of the world rather than wishes."""

LITTLE = _words("le la les l un une des du de d the a")

"""Words that tell nothing of an event: grammar, small numbers, days and months, as stems. Pure."""

from matchers.stories.topics import stem

_WRITTEN = """
le la les un une des de du au aux en et ou mais donc or ni car pour par sur sous dans avec sans entre vers chez
contre après avant depuis pendant lors selon comme que qui quoi dont ce cet cette ces cela il elle on nous vous
ils elles je tu me te se lui leur leurs son sa ses mon ma mes ton ta tes notre nos votre vos ne pas plus moins
très trop peu tout toute tous toutes même mêmes autre autres aussi encore déjà toujours jamais rien être est
sont était étaient sera seront été fut serait avoir ont avait avaient aura auront eu aurait auraient fait faire
font faut peut peuvent pourrait doit doivent devra va vont si quand comment pourquoi combien quel quelle quels
quelles celui celle ceux celles ci jusqu lorsque puisque afin alors ainsi dès
deux trois quatre cinq six sept huit neuf dix heure heures jour jours an ans année années mois semaine semaines
fin début nouveau nouvelle nouveaux nouvelles premier première lundi mardi mercredi jeudi vendredi samedi
dimanche france français française euro euros million millions milliard milliards mis mise mises met mettre bien
fois dit dire cas journal officiel change changent
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
GRAMMAR = frozenset(map(stem, _WRITTEN.split()))

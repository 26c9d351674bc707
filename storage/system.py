"""What the system says when it refuses a file or an address, in French, with what to do."""

import errno

_SAID = {
    errno.ENOENT: "introuvable : vérifiez le chemin",
    errno.EACCES: "accès refusé : vérifiez ses droits",
    errno.EPERM: "accès refusé : vérifiez ses droits",
    errno.EISDIR: "c’est un dossier : donnez un fichier",
    errno.ENOTDIR: "une partie du chemin n’est pas un dossier : vérifiez-le",
    errno.EEXIST: "ce nom est déjà pris : choisissez-en un autre",
    errno.ENOSPC: "le disque est plein : faites de la place",
    errno.EDQUOT: "votre quota est épuisé : faites de la place",
    errno.EROFS: "ce disque est en lecture seule : choisissez un autre endroit",
    errno.ENAMETOOLONG: "nom trop long : raccourcissez-le",
    errno.ELOOP: "ses liens tournent en rond : donnez le vrai chemin",
    errno.EMFILE: "trop de fichiers ouverts : relevez la limite (ulimit -n)",
    errno.EIO: "le disque ne répond pas comme il faut : vérifiez-le",
    errno.EADDRINUSE: "ce port est déjà pris : choisissez-en un autre",
    errno.EADDRNOTAVAIL: "cette adresse n’est pas de cette machine : choisissez-en une autre",
}


def said(problem: OSError) -> str:
    """One clause without a full stop; the system's own words where we have none."""
    return _SAID.get(problem.errno or 0) or problem.strerror or type(problem).__name__

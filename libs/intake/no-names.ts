/** Words with a capital that begin no name: how sentences begin, days and months, and systems. */
export const noNames: ReadonlySet<string> = new Set(
  [
    'please can could kindly hi hello hey dear the this her his their our and also then effective urgent team user employee contractor mr mrs ms dr last day',
    'offboard offboarding off-board deactivate disable terminate termination revoke remove close suspend reinstate reactivate restore re-enable access account accounts',
    'today tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december',
    'hr it human resources slack github okta jira aws google workday vpn sso thanks thank regards best cheers subject action email name employee reason department manager fyi asap eod cob ps',
    'bitte hallo liebe lieber guten tag herr frau sperren deaktivieren zugang zugänge konto konten mitarbeiter mitarbeiterin kollege kollegin montag dienstag mittwoch donnerstag freitag samstag sonntag',
    'januar februar märz mai juni juli oktober dezember ende heute morgen letzter arbeitstag benutzer wegen ihr sein unser unsere der die das ab',
    'merci bonjour veuillez désactiver désactivez supprimer supprimez révoquer révoquez accès compte comptes madame monsieur le la les un une son sa ses notre',
    'lundi mardi mercredi jeudi vendredi samedi dimanche',
    'por favor hola buenos buenas desactivar desactive desactiva dar dé baja cuenta cuentas acceso accesos señor señora el los las su sus nuestro nuestra',
    'lunes martes miércoles jueves viernes sábado domingo',
  ].flatMap((line) => line.split(' ')),
);

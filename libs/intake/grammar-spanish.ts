import { type Grammar, words } from './grammar.js';

const verbs = 'desactiv(?:ar|e|en|a)|revo(?:car|que|quen|ca)|elimin(?:ar|e|en|a)|bloque(?:ar|e|en|a)|cerrar|cierr[ea]n?|quit(?:ar|e|en|a)|suprim(?:ir|a|an)|cancel(?:ar|e|en|a)';
const things = '(?:accesos?|cuentas?|permisos|usuarios?)';
/** "acceso a Confluence" is one system, and no offboarding. */
const notOneSystem = '(?!\\s+(?:a|al|en)\\s+(?!todos|todas))';
const weekdays = 'lunes|martes|miércoles|jueves|viernes|sábado|domingo';
const months = 'enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre';

/** Spanish, by a smaller grammar. */
export const spanish: Grammar = {
  language: 'es',
  common: words('el|la|los|las|del|y|es|por|favor|no|nos|de|para|con|un|una|su|sus|que|al|en|hola|cuenta|acceso|deja|día|último|todos|todas|a|si|después|hoy|empresa', 'giu'),
  phrases: [
    { action: 'reinstate', directness: 'imperative', pattern: words('reactiv(?:ar|e|en|a)|reincorpor(?:ar|e|en|a)|restaur(?:ar|e|en|a)|restable(?:cer|zca|zcan)|desbloque(?:ar|e|en|a)') },
    { action: 'offboard', directness: 'imperative', pattern: words('off-?boarding|(?:dar|dé|den|da) de baja') },
    { action: 'offboard', directness: 'imperative', pattern: words(`(?:${verbs})\\s[^;:!?]{0,100}?${things}${notOneSystem}`) },
    { action: 'offboard', directness: 'statement', pattern: words('(?:deja|dejará|abandona|abandonará) (?:la empresa|la compañía)|nos deja|ha (?:dejado la empresa|renunciado|dimitido)|(?:fue|ha sido) despedid[oa]|último día') },
  ],
  negatedBefore: words('no|nunca|jamás|ningun[oa]?|ningún|sin|cancele?n?|cancelar|detener|detengan?|en lugar de|en vez de|espere?n?|esperar|tampoco'),
  negatedAfter: words('no|nunca|cancelad[oa]|pospuest[oa]|aplazad[oa]|esperar|se queda'),
  politeRequest: words('^(?:¿\\s?)?(?:por favor,?\\s+)?(?:pued(?:e|es|en)|podr(?:ía|ías|ían))'),
  opensQuestion: words('^(?:¿\\s?)?(?:(?:y|pero)\\s+)?(?:deberíamos|debemos|debo|hay que|se ha|ha|han|fue|es|está|quién|quienes|cuándo|cuando|por qué|cómo|dónde|qué|cuál)|(?:saber|confirmar|preguntar) (?:si|cuándo)'),
  condition: words('si|a menos que|en caso de|cuando|una vez|siempre que|supongamos|imagina|quizás?|tal vez|posiblemente|por ejemplo|podría(?!s|n)'),
  retraction: words('olvid(?:a|e|en) (?:esto|eso|lo anterior|mi solicitud)|falsa alarma|mejor no|sin efecto'),
  reported: words('estado|novedades|preguntas? sobre|ya (?:fue|ha sido|está)|ha sido|fue dad[oa]'),
  askingBefore: /(?<!cómo|por qué|guía para|formación de|sobre el)\s*$/iu,
  contrast: words('pero|sino|por favor|en cambio'),
  joiner: /[,;&+]|(?<!\p{L})(?:y|e|así como|luego|pero)(?!\p{L})/giu,
  everyone: words('tod[oa]s l[oa]s (?:empleados|usuarios|personas|trabajadores|externos)|todo el (?:mundo|equipo|departamento)|las siguientes personas(?![^:]{0,40}:\\s*\\S)'),
  ofAll: words('amb[oa]s|tod[oa]s|ell[oa]s|los dos'),
  time: {
    immediate: words('inmediatamente|de inmediato|ahora|ahora mismo|hoy|ya mismo|cuanto antes|asap'),
    endOfDay: words('(?:al )?final del día|fin de jornada|esta noche'),
    spans: [
      { unit: 'week', ahead: 1, pattern: words('(?:a )?(?:finales|final|fin) de la (?:próxima semana|semana que viene)') },
      { unit: 'month', ahead: 1, pattern: words('(?:a )?(?:finales|final|fin) del (?:próximo mes|mes que viene)') },
      { unit: 'week', ahead: 0, pattern: words('(?:a )?(?:finales|final|fin) de (?:la|esta) semana') },
      { unit: 'month', ahead: 0, pattern: words('(?:a )?(?:finales|final|fin) (?:del|de este|de) mes') },
      { unit: 'year', ahead: 0, pattern: words('(?:a )?(?:finales|final|fin) (?:del|de este|de) año') },
    ],
    event: words('(?:después del?|tras|una vez|hasta|luego del?) (?:(?:la|el|los|su|sus|que)\\s+)?(?:entrega|traspaso|transición|preaviso|proyecto|auditoría|vacaciones|devolución|reemplazo|entrevista|que)|una vez que|en cuanto'),
    nextWeekday: words(`(próximo|pasado)\\s+(${weekdays})|(${weekdays})\\s+(pasado|que viene)`),
    vague: words(`antes|pronto|próximamente|más tarde|aproximadamente|algún día|(?:la|el) (?:próxim[oa]|semana que|mes que) (?:semana|mes|año|viene)|esta semana|este mes|principios|mediados|finales|(?:\\d+|un[oa]?|dos|tres|cuatro|unos|unas) (?:días?|semanas?|meses|mes|años?)|${months}|${weekdays}|\\d{1,2}[/.]\\d{1,2}(?:[/.]\\d{2,4})?|\\d{1,2}:\\d{2}|el \\d{1,2}|por la mañana`),
    between: new RegExp(`(?<!\\p{L})(?:el|la|al|del|de|a|las|los|último|día|es|hoy|mañana|fin|final|semana|próxima|mes|ahora|en|dos|tres|semanas|días|${weekdays}|${months})(?!\\p{L})|[\\s.,:/()<>"”'’–-]|\\d`, 'giu'),
    says: words(`${weekdays}|\\d{1,2} de (?:${months})|hoy|mañana|inmediatamente|de inmediato|ahora|semanas?|(?:fin|final|finales) de(?:l)? mes|\\d{1,2}[/.:]\\d{1,2}|\\d{4}-\\d{2}-\\d{2}`),
    cue: /(?:último día(?: es)?|a partir de[l]?|desde|hasta|el|efectivo|fecha de baja|deja la empresa)\s*[:,(]?\s*(?:el |es )?$/iu,
    otherwise: /(?:desde|contratad[oa]|incorporó|enviado|recibido|naci[óo]|nacid[oa])\s+(?:el |en )?$/iu,
  },
};

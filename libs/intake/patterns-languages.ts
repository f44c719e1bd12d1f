import type { MarkerPattern } from './marker-pattern.js';

/** Override and role shift in other languages: the verbs, the words for what came before, the words for rules; Latin ones without marks. */
interface Language {
  readonly name: string;
  readonly setAside: string;
  readonly which: string;
  readonly rules: string;
  readonly youAreNow: string;
  readonly free: string;
  readonly unspaced?: true;
  /** The verb comes last. */
  readonly verbLast?: true;
}

const languages: readonly Language[] = [
  { name: 'German', setAside: 'ignorier(?:e|en|t)?|vergiss|vergessen|missachte|missachten|uberschreibe|umgehe|beachte', which: 'alle|aller|alles|vorherigen?|vorigen?|bisherigen?|obigen?|fruheren?|deine|vorangegangenen?|vorhergehenden?|ursprunglichen?|davor', rules: '(?:system)?(?:anweisung|instruktion|vorgabe|regel|befehl|richtlinie|prompt|auftrag|aufgabe)(?:en|n|s|e)?|auftrage|anordnungen|gesagt', youAreNow: 'du bist (?:jetzt|nun|ab sofort)|ab jetzt bist du|sie sind (?:jetzt|nun)|ab sofort bist du', free: 'uneingeschrankte?r?|unbeschrankte?r?|ohne (?:einschrankung|regel|beschrankung)(?:en)?|(?:ki|bot|modell|assistent)\\b|system\\pL*|administrator|root|dan\\b' },
  { name: 'French', setAside: "ignor(?:e|ez|er)|oubli(?:e|ez|er)|neglige[zr]?|ne (?:tiens|tenez) pas compte(?: de)?|outrepasse[zr]?|contourne[zr]?", which: 'toutes?|tous|precedente?s?|anterieure?s?|ci-dessus|tes|vos|ce que', rules: 'instructions?|consignes?|directives?|regles?|ordres?|prompts?|commandes?|as dit|avez dit', youAreNow: "(?:tu es|vous etes|t'es) (?:maintenant|desormais|a present)|a partir de maintenant,? (?:tu es|vous etes)|desormais,? (?:tu es|vous etes)", free: "sans (?:aucune )?(?:restrictions?|limites?|limitations?)|administrat(?:eur|rice)|illimitee?|ia\\b|assistant|dan\\b|root|modele" },
  { name: 'Spanish', setAside: 'ignor(?:a|e|en|ar|es|as)|olvid(?:a|e|en|ar|es|ate)|descart(?:a|e|ar)|haz caso omiso(?: de)?|omit(?:e|a|ir)|no (?:sigas|siga|hagas caso)(?: a)?|pasa por alto|desatiende', which: 'todas?|todos?|anterior(?:es)?|previ[ao]s?|tus|sus|arriba|lo que', rules: 'instruccion(?:es)?|ordenes|reglas?|directrices|indicaciones|directivas|prompts?|consignas|normas|dicho|dijeron', youAreNow: '(?:ahora )?eres ahora|ahora eres|a partir de ahora,? (?:eres|seras|actuas)|usted es ahora', free: 'sin (?:ninguna )?(?:restricciones|restriccion|limites|limitaciones)|administrador|ia\\b|asistente|dan\\b|root|ilimitado|modelo' },
  { name: 'Portuguese', setAside: 'ignor(?:e|a|em|ar)|esquec?(?:a|e|er|am)|desconsider(?:e|a|ar)|despreze|descarte|nao siga', which: 'todas?|todos?|anterior(?:es)?|previ[ao]s?|suas?|tuas?|acima|o que', rules: 'instruc(?:ao|oes)|ordens|regras|diretrizes|comandos|prompts?|orientacoes|diretivas|disse', youAreNow: 'voce e agora|agora voce e|a partir de agora,? voce|tu es agora', free: 'sem (?:nenhuma )?(?:restric(?:oes|ao)|limites|limitacoes)|administrador|ia\\b|assistente|dan\\b|root|irrestrit[oa]' },
  { name: 'Italian', setAside: 'ignor(?:a|i|are|ate)|dimentica(?:re|te)?|trascura|non (?:seguire|tenere conto(?: di)?)|scarta|tralascia', which: 'tutte|tutti|precedent[ei]|anterior[ei]|tue|vostre|sopra|quello che', rules: 'istruzion[ei]|regole|direttive|ordini|comandi|prompt|indicazioni|linee guida|detto', youAreNow: '(?:ora )?sei (?:ora|adesso)|(?:ora|adesso) sei|da (?:ora|adesso)(?: in poi)?,? sei|d ora in poi,? sei', free: "senza (?:alcuna |alcun )?(?:restrizioni|limiti|limitazioni|restrizione)|amministratore|ia\\b|assistente|dan\\b|root" },
  { name: 'Dutch', setAside: 'negeer|negeren|vergeet|vergeten|sla .{0,10}over|omzeil', which: 'alle|alles|vorige|voorgaande|eerdere|bovenstaande|je|jouw|uw|wat', rules: 'instructies?|opdrachten|regels?|richtlijnen|aanwijzingen|prompts?|bevelen|gezegd', youAreNow: '(?:je|jij|u) bent (?:nu|vanaf nu)|vanaf nu ben (?:je|jij)|nu ben (?:je|jij)', free: 'zonder (?:beperkingen|regels|limieten|grenzen)|onbeperkte?|beheerder|administrator|ai\\b|assistent|dan\\b|root' },
  { name: 'Polish', setAside: 'zignoruj|ignoruj|zapomnij(?: o)?|pomin|odrzuc|nie przestrzegaj', which: 'wszystkie|wszystkich|wszystkim|poprzednie|poprzednich|wczesniejsze|wczesniejszych|powyzsze|swoje|twoje', rules: 'instrukcj[eia]|polece(?:nia|n)|zasad[y]?|regul[y]?|wytyczn(?:e|ych)|reguły|rozkazy|prompt\\pL*', youAreNow: '(?:teraz )?jestes teraz|teraz jestes|od teraz jestes', free: 'bez (?:zadnych )?(?:ograniczen|limitow|zasad)|administrator\\pL*|nieograniczon\\pL+|ai\\b|dan\\b|root' },
  { name: 'Turkish', setAside: 'yok say|goz ardi et|unut|gormezden gel|dikkate alma|yoksay', which: 'onceki|tum|butun|yukaridaki|verilen|sana', rules: 'talimat\\pL*|yonerge\\pL*|kural\\pL*|komut\\pL*|emir\\pL*|prompt\\pL*', youAreNow: '(?:artik|simdi) sen|sen (?:artik|simdi)|bundan sonra sen', free: 'sinirsiz|kisitlamasiz|yonetici\\pL*|admin|yapay zeka|root', verbLast: true },
  { name: 'Swedish', setAside: 'ignorera|glom|bortse fran|strunta i|asidosatt', which: 'alla|tidigare|foregaende|ovanstaende|dina|allt', rules: 'instruktion\\pL*|regler\\pL*|riktlinjer\\pL*|anvisning\\pL*|order|prompt\\pL*', youAreNow: 'du ar nu|fran och med nu ar du|nu ar du', free: 'utan (?:nagra )?(?:begransning\\pL*|restriktion\\pL*|regler)|obegransad|administrator|ai\\b|root' },
  { name: 'Czech', setAside: 'ignoruj(?:te)?|zapomen(?:te)?(?: na)?|nedbej(?:te)?(?: na)?', which: 'vsechny|vsech|predchozi|drivejsi|vyse|sve', rules: 'pokyny|instrukce|pravidla|prikazy|prompt\\pL*', youAreNow: 'nyni jsi|jsi nyni|ted jsi|od ted jsi', free: 'bez (?:jakychkoli |jakychkoliv )?(?:omezeni|pravidel)|neomezeny|spravce|administrator|ai\\b' },
  { name: 'Russian', setAside: 'игнорир(?:уй(?:те)?|овать)|проигнорируй(?:те)?|забудь(?:те)?(?: про| о)?|не обращай(?:те)? внимания на|отбрось|пренебреги|не следуй', which: 'все|всех|всё|предыдущ\\pL+|прежн\\pL+|прошл\\pL+|свои|твои|выше\\pL*|ранее|эти', rules: 'инструкц\\pL+|указани\\pL+|правил\\pL*|команд\\pL*|приказ\\pL*|промпт\\pL*|директив\\pL*|сказан\\pL*|говорили', youAreNow: '(?:теперь|отныне|сейчас) (?:ты|вы)|(?:ты|вы) (?:теперь|отныне)|с этого момента (?:ты|вы)', free: 'без (?:каких-либо |всяких )?(?:ограничени\\pL*|правил|фильтров)|неограниченн\\pL+|администратор\\pL*|ии\\b|ассистент|бот|root' },
  { name: 'Ukrainian', setAside: 'ігноруй(?:те)?|проігноруй(?:те)?|забудь(?:те)?(?: про)?|не зважай(?:те)? на', which: 'всі|усі|попередн\\pL+|минул\\pL+|свої|твої|вище', rules: 'інструкц\\pL+|вказівк\\pL+|правил\\pL*|команд\\pL*|наказ\\pL*|промпт\\pL*', youAreNow: '(?:тепер|відтепер) (?:ти|ви)|(?:ти|ви) тепер', free: 'без (?:жодних |будь-яких )?(?:обмежень|правил)|необмежен\\pL+|адміністратор\\pL*' },
  { name: 'Arabic', setAside: 'تجاهل|انس|انسى|تغاضى عن|لا تتبع|اهمل|أهمل', which: 'جميع|كل|السابقة|السابق|أعلاه|الماضية|كافة', rules: '(?:ال)?(?:تعليمات|أوامر|توجيهات|قواعد|إرشادات|ارشادات|اوامر)\\pL*', youAreNow: 'أنت الآن|انت الان|من الآن أنت|أنت من الآن', free: '(?:بدون|بلا|دون) (?:أي |اي )?(?:قيود|حدود|قواعد)|مسؤول|مدير النظام|غير مقيد', unspaced: true },
  { name: 'Hindi', setAside: 'अनदेखा|नज़रअंदाज़|नजरअंदाज|भूल जा|भूल|उपेक्षा|अनदेखी', which: 'पिछले|पिछली|पूर्व|सभी|ऊपर|पहले', rules: 'निर्देश|नियम|आदेश|हिदायत|प्रॉम्प्ट', youAreNow: '(?:अब )?(?:आप|तुम) अब|अब (?:आप|तुम|से)', free: 'बिना (?:किसी )?(?:प्रतिबंध|सीमा|रोक)|असीमित|व्यवस्थापक|प्रशासक|एडमिन', unspaced: true, verbLast: true },
  { name: 'Japanese', setAside: '無視|忘れ|破棄|従わない|無効', which: 'これまで|以前|前|上記|すべて|全て|今まで|先|システム', rules: '指示|命令|ルール|規則|プロンプト|指令|制約|インストラクション', youAreNow: 'あなたは(?:今|いま|これから|もう|現在)|今から(?:あなた|お前|君)は|これからあなたは', free: '制限(?:の)?(?:ない|なし|無し|のない|を受けない)|無制限|管理者|ai|制約のない', unspaced: true, verbLast: true },
  { name: 'Chinese', setAside: '忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要遵守|跳过|绕过|覆盖|不理会|抛开', which: '之前|先前|以前|以上|上述|上面|所有|全部|前面|此前|你的|一切', rules: '指令|指示|命令|规则|規則|提示|说明|要求|限制|约束|设定', youAreNow: '你现在是|你現在是|现在你是|從現在起你是|从现在起.{0,2}你|從現在開始你|从现在开始.{0,2}你|你将扮演', free: '没有.{0,6}限制|不受.{0,6}限制|無限制|无限制|管理员|管理員|人工智能|沒有.{0,6}限制|AI|助手', unspaced: true },
  { name: 'Korean', setAside: '무시|잊어|잊고|따르지 마|무효', which: '이전|앞선|위의|모든|기존|지금까지|앞의', rules: '지시|명령|규칙|프롬프트|지침|지령|제한', youAreNow: '(?:너는|당신은|넌) (?:이제|지금)|이제 (?:너는|당신은|넌|부터)|지금부터', free: '제한 ?(?:이|없)|무제한|관리자|인공지능|제약 ?(?:이|없)', unspaced: true, verbLast: true },
];

export const languagePatterns: readonly MarkerPattern[] = languages.flatMap((language): MarkerPattern[] => {
  const { name, setAside: v, which: w, rules: r, youAreNow: y, free: f, unspaced, verbLast } = language;
  const between = unspaced === true ? '[^.!?。！？\\n]{0,14}?' : '~4';
  const order = verbLast === true ? `(?:${w})${between}(?:${r})${unspaced === true ? between : '~2'}(?:${v})` : `(?:${v})${between}(?:(?:${w})${between}(?:${r})|(?:${r})${between}(?:${w}))`;
  const marked = unspaced === true ? { unspaced } : {};
  return [
    { class: 'override', pattern: order, because: `sets rules aside, in ${name}`, ...marked },
    { class: 'role_shift', pattern: `(?:${y})${between}(?:${f})`, because: `gives the reader another role, in ${name}`, ...marked },
  ];
});

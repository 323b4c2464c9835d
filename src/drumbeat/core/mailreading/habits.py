"""How mail programs in English, German, French, Spanish, Portuguese, Japanese (and some more) mark quotations and ends."""

from __future__ import annotations

import re

WROTE = (
    r"wrote|writes|schrieb|schreibt|a [ée]crit|écrit|escribi[óo]|escribe|escreveu|ha scritto|skrev|schreef|napisał(?:\(a\)|a)?|"
    r"написал|пишет|пише|wrote the following|has written|said|さんは書きました|のメッセージ|は書きました|写道|寫道|作成"
)
ATTRIBUTION = re.compile(
    rf"(?i)(?:"
    rf"^(?:[*_>-]\s*)?(?:on|am|le|el|em|op|il|den|dnia|w dniu|at|in|no|a|lun|mar|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so)\b.{{4,300}}(?:{WROTE}).{{0,80}}[:：]\s*\*?$"
    rf"|^\S.{{0,200}}[<(][^<>()\s]{{1,100}}@[^<>()\s]{{1,120}}[>)].{{0,80}}(?:{WROTE}).{{0,40}}[:：]\s*$"
    rf"|^.{{0,80}}\d{{1,4}}[./年-]\d{{1,2}}[./月-]\d{{1,4}}.{{0,200}}(?:{WROTE}|[<(][^<>()\s]{{1,100}}@[^<>()\s]{{1,120}}[>)]).{{0,40}}[:：]\s*$"
    rf"|^\d{{4}}年\d{{1,2}}月\d{{1,2}}日.{{0,200}}[:：]\s*$"
    rf"|^.{{1,120}}(?:{WROTE}) (?:on|am|le|el|em) .{{4,80}}[:：]\s*$"
    rf"|^\S+@\S+ (?:\(.{{0,80}}\) )?(?:{WROTE})[:：]?\s*$"
    rf")"
)
ATTRIBUTION_BEGINS = re.compile(r"(?i)[\d@<]|^[*_>\s-]*(?:on|am|le|el|em|op|il|den|at)\b")
ORIGINAL_LINE = re.compile(
    r"(?i)^[\s>*_-]{0,3}-{2,}\s*(?:original(?: (?:message|appointment|email|mail)|nachricht)|ursprüngliche(?: nachricht|r termin)|message (?:d'origine|original|initial|transféré)|mensaje (?:original|reenviado)|mensagem (?:original|encaminhada)|messaggio originale|"
    r"forwarded message|reply message|weitergeleitete nachricht|oorspronkelijk bericht|元のメッセージ|元メッセージ|転送メッセージ|原始邮件|original message|antwort-?nachricht|исходное сообщение|reply separator|.{0,12}original message.{0,12})\s*-{2,}"
    r"|^(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|início da mensagem (?:encaminhada|reenviada)|転送されたメッセージ)\s*[:：]"
)
RULE_LINE = re.compile(r"^(?:[_]{5,}|[-]{5,}|[=]{5,}|[—―─━]{4,}|[*]{8,})$")
HEADER_LABEL = re.compile(
    r"(?i)^\*{0,2}(from|to|cc|sent|subject|date|reply-to|von|an|gesendet|betreff|datum|antwort an|de|à|a|envoyé(?: le)?|objet|para|enviado(?: el| em)?|asunto|fecha|assunto|data|"
    r"da|inviato|oggetto|差出人|送信者|宛先|送信日時|日時|日付|件名|到|van|aan|verzonden|onderwerp|发件人|收件人|主题|发送时间|от|кому|тема|дата)\s?\*{0,2}\s?[:：]\*{0,2}\s*\S?"
)
CLOSING = re.compile(
    r"(?i)^(?:[-–—]\s?)?(?:(?:with )?(?:kind|kindest|best|warm|warmest|many|with best)(?: personal)?(?: regards| wishes| greetings)?|regards|rgds|br|kr|cheers|sincerely(?: yours)?|yours (?:sincerely|truly|faithfully)|thanks(?: and (?:kind |best )?regards| again| a lot| so much| in advance)?|thank you(?: very much| so much| in advance)?|many thanks|thx|"
    r"(?:mit )?(?:freundlichen?|besten?|vielen?|herzlichen?|schönen?|liebe|lieben|viele|sonnigen?|freundliche|beste|herzliche)?(?: und (?:schönen|besten|herzlichen|freundlichen))? ?(?:grüß(?:e|en)|gruß|gruss|grüsse|grüssen)(?: aus \S+)?|mfg|lg|vg|bg|hochachtungsvoll|danke(?: und (?:viele|beste) grüße)?|vielen dank(?: und .{2,20})?|"
    r"(?:bien )?(?:cordialement|amicalement)(?: à vous)?|bien à (?:vous|toi)|salutations(?: distinguées)?|(?:meilleures|sincères) salutations|bonne (?:journée|réception|fin de journée)|cdlt|merci(?: d'avance| beaucoup)?|"
    r"(?:un )?(?:cordial )?saludos?(?: cordiales)?|(?:muchas )?gracias(?: de antemano)?|atentamente|un abrazo|quedo a la espera|"
    r"atenciosamente|att|cumprimentos|(?:com os )?melhores cumprimentos|(?:muito )?obrigad[oa]|abraços?|cordialmente|"
    r"(?:cordiali|distinti) saluti|grazie|met vriendelijke groet(?:en)?|vriendelijke groet|mvh|med vänlig hälsning|med venlig hilsen|"
    r"(?:どうぞ|以上、?|今後とも|引き続き)?(?:何卒)?(?:よろしく|宜しく)(?:お願い|御願い)(?:いた|致|申)?し?(?:上げ)?ます|敬具|以上)[\s,.!;:、。-]*$"
)
MOBILE = re.compile(
    r"(?i)^(?:[\[(*_-]\s?)?(?:sent (?:from|with|via|using) .{2,80}|get outlook for .{2,40}|hol(?:en sie sich|' dir|e? dir) outlook .{2,40}|(?:von meinem|gesendet (?:von|mit|aus)) .{2,60}(?: gesendet)?|diese nachricht wurde von meinem .{2,60}|envoyé (?:de|depuis|à partir de|avec) .{2,60}|enviado (?:desde|do|a partir do|de) (?:mi|meu|o|el|um)? ?.{2,60}|inviato (?:da|dal mio) .{2,40}|"
    r"via mobile|iphoneから送信|.{2,20}から送信|sent from my .{2,40}|télécharg\w+ outlook pour .{2,40}|outlook für \S+ (?:beziehen|herunterladen).{0,20}|obtener outlook para .{2,40}|obter o outlook para .{2,40}|отправлено (?:с|из) .{2,40}|verzonden (?:vanaf|met) .{2,40}|skickat från .{2,40})[\])*_]?\.?$"
)
DISCLAIMER = re.compile(
    r"(?i)^[*_(\[]*(?:(?:this|the information (?:contained )?in this|the contents? of this) (?:e-?mail|message|communication).{0,120}(?:confidential|intended|privileged)|(?:confidentiality|disclaimer|legal) (?:notice|note)?\s*:|diese (?:e-?mail|nachricht).{0,120}(?:vertraulich|bestimmt)|"
    r"(?:ce|le présent) (?:message|courriel|e-?mail).{0,120}confidentiel|este (?:mensaje|correo).{0,120}confidencial|esta (?:mensagem|comunicação).{0,120}confidencia)"
)
CONTACT_LINE = re.compile(
    r"(?i)(?:\+?\d[\d ()./-]{6,}\d|www\.|https?://|@\S+\.\S+|\b(?:tel|phone|fax|mobile?|fon|m|t|f|cell)\b[.:])"
)
AUTOMATIC_SUBJECT = re.compile(
    r"(?i)^\s*(?:(?:re|aw|antw|fwd?)\s*:\s*)?(?:auto(?:matic|mated|matisch)?[ -]?(?:re(?:ply|sponse)|antwort|e antwort|answer)|auto(?:reply|response)|out[ -]of[ -](?:the )?office|ooo\b|abwesenheit\w*|automatische (?:antwort|abwesenheit)|ich bin (?:nicht im|bis|vom)|nicht im (?:büro|haus)|im urlaub|urlaub|"
    r"réponse automatique|absence(?: du bureau)?|absent du bureau|je suis absent|en congés?|respuesta automática|fuera de (?:la )?oficina|ausente|resposta automática|fora do (?:escritório|trabalho)|ausência|risposta automatica|fuori ufficio|autosvar|frånvaro|automatisch antwoord|afwezig|"
    r"自動(?:応答|返信)|不在(?:通知|のお知らせ)|【自動返信】|vacation|on vacation|away from|i(?:'m| am) (?:out|away|on)|автоответ|自动回复)"
)
REPLY_SUBJECT = re.compile(
    r"(?i)^\s*(?:re|aw|antw|sv|vs|res|rif|odp|回复|答复|返信|rép|réf|ref|ynt|r)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]"
)

"""What the mail servers of the world say, as tables from their words to reasons. Order counts: the first match decides."""

from __future__ import annotations

import re
from functools import lru_cache

# Wherever they stand, these outrank the enhanced status code, which many servers fill in carelessly.
DECISIVE: tuple[tuple[str, str], ...] = (
    ("notaccept", r"null ?mx"),
    ("hostunknown", r"dns domain \S+ does not exist"),
    ("exceedlimit", r"daily (?:user )?(?:sending|limit)|sending quota"),
    ("policyviolation", r"local policy|administrative prohibition"),
    ("blocked", r"helo command rejected|grey ?list|gray ?list|permanently deferred"),
    ("contenterror", r"banned attachment|(?:file|attachment).{0,60}(?:name|type) is not allowed"),
    ("mailboxfull", r"recipient'?s mailbox is full|quota exceeded while writing"),
    ("filtered", r"recipient preferences|domain filter"),
    ("rejected", r"sending to/from an address"),
    ("networkerror", r"dns error"),
    ("spamdetected", r"due to spam"),
    ("mailererror", r"procmail: |^x-unix; \d+\s"),
    ("systemerror", r"does not support tls"),
    ("systemerror", r"contact ldap|ldap server"),
    (
        "speeding",
        r"too many (?:recipients|messages) this (?:hour|day)|sen[dt] (?:too many|to too many) (?:recipients|mails?|messages)"
        r"|(?:rate|sending) limit(?:ed)? exceeded|exceed\w* (?:its|the|your) .{0,30}(?:sending|rate) limit|throttl|slow(?:ing)? down|too fast|message rate"
        r"|mail rate|sending rate|receiving mail (?:too quickly|at a rate)|please try again slower|is exceeding .{0,30}rate",
    ),
    (
        "requireptr",
        r"reverse dns|\brdns\b|\bptr\b|no reverse|name lookup failed \[|reverse (?:ip )?lookup|reverse (?:name|hostname|mapping)|cannot (?:find|resolve) your (?:hostname|reverse)"
        r"|unverif[iy]+able sending ip|fix reverse|(?:ip|host)(?: address)? (?:has no|without) (?:a )?(?:name|hostname)|unable to (?:resolve|verify) .{0,30}(?:client|host|helo)"
        r"|does not resolve|doesn't resolve|could not resolve (?:the )?(?:client|ip)|unresolvable .{0,20}(?:ip|host)|cannot find your hostname|dns lookup failed for .{0,20}ip"
        r"|all mail servers must have|forward-confirmed|iprev",
    ),
    (
        "authfailure",
        r"authentication information|\bdmarc\b|\bdkim\b|\bspf\b|sender policy framework|authentication checks? fail|unauthenticated (?:e-?mail|mail|message) (?:from|is)"
        r"|domain'?s? authentication|pass authentication|arc validation|not (?:permitted|allowed|authori[sz]ed) to send (?:from|mail for|on behalf)"
        r"|sender (?:domain )?authentication",
    ),
    (
        "virusdetected",
        r"virus|malware|trojan|\bworm\b|infected (?:message|attachment|file|content)|clamav|worms? (?:found|detected)",
    ),
    (
        "mesgtoobig",
        r"(?:message|mail|e-?mail|size of .{0,20}message|incoming message size)\W{0,3}(?:file )?(?:size )?(?:is |was )?(?:too (?:big|large)|exceed\w*|over)"
        r"|(?:message|mail|maximum|max|fixed|incoming) .{0,30}size (?:limit|exceed)|size limit exceeded|exceed\w* .{0,40}message size"
        r"|message (?:header )?size exceed|larger than .{0,30}(?:limit|maximum|allowed)|exceed\w* (?:the )?(?:maximum|fixed|max) .{0,20}(?:size|length)|size of the message",
    ),
    ("exceedlimit", r"message length exceeds|message too large for (?:this|the) (?:user|recipient|mailbox)"),
    (
        "systemfull",
        r"insufficient (?:system|disk) (?:storage|space|resources)|mail system full|no space left|not enough (?:free )?(?:space|storage) (?:left )?on (?:the )?(?:server|device)",
    ),
    (
        "mailboxfull",
        r"(?:mail ?box|mail ?folder|mail ?drop|mail ?dir|inbox|account|user|recipient|storage|postfach|bo[iî]te|buz[oó]n|caixa|ящик)[^.\n]{0,60}\b(?:full|voll|lleno|lotad[oa]|cheia|pleine?|переполнен)\b"
        r"|\bfull (?:mail ?box|inbox|mail ?folder)|quota.{0,15}(?:exceed|violat|full|depass|überschritten|superad)|(?:over|exceed\w*|out of|beyond|insufficient|disk|mailbox|storage|not enough) (?:\S+ ){0,3}quota"
        r"|overquota|over-quota|quotaexceeded|too much mail (?:stored|data)|exceed\w* (?:\S+ ){0,4}(?:storage|space|allowed size|mailbox size|allocated)|(?:not enough|insufficient|no|low) (?:disk |storage |free |mailbox )*(?:space|storage)(?! on the server)"
        r"|out ?of ?(?:storage|space|diskspace)|space (?:limit|shortage)|mailbox (?:size )?(?:limit|exceeds)|account (?:has )?exceed\w*|has run out of|boite du destinataire (?:est )?(?:pleine|archivee)"
        r"|容量|overflow of mailbox|mailbox .{0,30}over(?: its)? (?:quota|limit|size)|maximum mailbox|storage limit|dossier plein|user is over|over the maximum allowed|is over the allowed",
    ),
    (
        "hasmoved",
        r"has (?:moved|been changed|changed|been replaced)(?: to)?|no longer (?:on|at) (?:this )?server|address (?:has )?changed|new (?:e-?mail )?address is|user (?:not local|has moved)"
        r"|no longer works? (?:for|at|here)|not local; please try|has left (?:the|us|our)|replaced by",
    ),
    ("onhold", r"\bon hold\b"),
    (
        "norelaying",
        r"relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed)|prohibited|forbidden|operation rejected)|unable to relay|not (?:permitted|allowed) to relay(?! through this server without)|cannot relay|(?:insecure|unauthori[sz]ed) (?:mail )?relay"
        r"|as a relay|that domain isn'?t in my list|relay not|not an open relay|mail server requires authentication when attempting to send to a non-local|do not relay|won'?t relay|isn't allowed to be relayed|no relay",
    ),
    (
        "toomanyconn",
        r"too many (?:concurrent |simultaneous |open )?(?:connections|sessions|recipients)|connection (?:rate|limit)|concurrent (?:connections|smtp)|exceeded max\w* connections|maximum (?:number of )?(?:inbound )?connections"
        r"|all available ips are at maximum connection|frequency limited|max(?:imum)? (?:number of )?(?:recipients|sessions)",
    ),
)

# These come after the status codes that can be trusted.
TELLING: tuple[tuple[str, str], ...] = (
    (
        "suspend",
        r"(?:account|mailbox|user|recipient|address|mail-?box|member|compte)[^.\n]{0,60}\b(?:suspend\w*|disabled|inactive|inactivated|deactivated|expired|frozen|terminated|closed|locked|discontinued|blocked|bloque|deleted due|cancell?ed|gesperrt|deaktiviert|disactivad[oa])"
        r"|(?:inactive|disabled|suspended|deactivated|expired|closed|invalid/inactive|inactivated|temporarily (?:locked|suspended)) (?:e-?mail )?(?:account|mailbox|user|recipient|address|member)"
        r"|not (?:currently )?(?:accepting|permitted|allowed) .{0,20}(?:mail|messages) (?:at this time|currently)|boite du destinataire (?:bloquee|suspendue)|currently suspended|has been suspended|vdelivermail: account is locked|out of service",
    ),
    (
        "badreputation",
        r"(?:bad|poor|low|not (?:have )?(?:a )?good|negative) (?:ip |sender |domain )?reputation|reputation (?:of|is|problem|for)|unusual rate of unsolicited|sending (?:ip|mail server).{0,60}reputation|senderbase|due to (?:the )?(?:poor|bad|low|very low) reputation|(?:very )?low reputation|sender score",
    ),
    (
        "spamdetected",
        r"content denied|message filtered|potential security issue|\bspam\b(?! ?haus|cop)|\bspammy|\bube\b|\buce\b|unsolicited|bulk (?:e-?mail|mail)|junk ?mail|spam (?:score|content|filter|message)|blacklisted (?:url|link)|bayes|looks like spam|identified as spam"
        r"|considered (?:as )?spam|high probability of spam|classified as|mail rejete|mail rejected\. ofr|message (?:content )?rejected|content (?:rejected|filter)|rejected by (?:our )?content|suspicious (?:content|url)|phish|blocked by (?:our|the) .{0,20}filter|rule imposed",
    ),
    (
        "securityerror",
        r"notinallowedsenders|smtp authentication|authentication (?:required|turned on|failed|credentials)|unauthenticated senders?|must (?:first )?issue a starttls|starttls|\btls\b|not authori[sz]ed|delivery not authori[sz]ed|requires? (?:smtp )?auth|account (?:not|is not) (?:authori[sz]ed|allowed to send)|log ?in (?:first|before)|pop before|sender (?:verify|verification) fail|certificate|ssl required|please turn on|verification failure|unauthori[sz]ed",
    ),
    (
        "blocked",
        r"block(?:ed|ing|list)|black ?list|\brbl\b|\bdnsbl|\bsbl\b|spamhaus|spamcop|barracuda|banned|denied? by (?:ip|client)|client host rejected|ip (?:address )?.{0,40}(?:reject|refus|denied|listed|blocked|banned)|listed (?:in|on|at|by) \S{0,60}(?:list|\brbl|block|spam|\.org|\.com|\.net)|access (?:from|by) .{0,60}(?:denied|refused)|\(bl\)|smtp server of your isp|smtp relay|dynamic (?:ip|address)|residential|your (?:ip|network|host|server)\b.{0,40}(?:is|has been|was)|daily relay quota|not accepting connections|invalid ip|messages from .{0,40}weren't sent|connections? (?:refused|not accepted|rejected|dropped|closed by)|not accept(?:ing)? (?:connections|mail) from|no access|sending ip|refused your connection|server access .{0,40}forbidden|go away|bad dns|service not available from your|we do not accept mail from (?:hosts|your)|graylist|mail from your|rejected because of",
    ),
    (
        "contenterror",
        r"headers? too large|8bit|8-bit|malformed|improper use of|mime|base64|encoding|invalid (?:characters|header)|line (?:too long|length)|message format|header (?:size|line)|routing loop|illegal (?:attachment|header)|bare (?:lf|cr)|attachment (?:type|not)|(?:forbidden|prohibited|blocked|banned|restricted) (?:attachment|file|type)|too many (?:received|mime|nested)",
    ),
    (
        "notcompliantrfc",
        r"not rfc ?\d* compliant|rfc ?-?5322|rfc ?2822|rfc ?822|duplicate headers?|rfc-ignorant|rfc violat|not compliant|missing (?:date|message-id|from) header|multiple addresses in from",
    ),
    (
        "policyviolation",
        r"network not allowed|policy|policies|prohibited|administratively|administrative prohibition|not accepted for|against (?:our|the) (?:terms|rules)|violation|violat|you (?:are|have been) (?:refused|not permitted)|protocol filter|rejected by (?:administrator|header based|anti)|local policy",
    ),
    (
        "rejected",
        r"sender (?:address )?(?:rejected|refused|denied|invalid|is not|does not|domain|verify|unknown|not)|(?:domain of )?sender(?:'s)? (?:address|domain) .{0,80}(?:does not exist|rejected|not found|invalid|doesn't)|unroutable sender|invalid (?:sender|from|domain in sender|return path)|(?:mail|e-?mail) from .{0,80}(?:rejected|denied|refused|not accepted)|from: ?(?:address|domain)|from:\s*domain is invalid|user complaints|unexpected volume|backscatter|bounce (?:address|message)|null sender|empty envelope|<> (?:is|not)|does not accept (?:bounces|mail from)|unknown sender|sender (?:is )?(?:un)?known|not (?:have )?permission to post|may not (?:exist|post)|not (?:allowed|permitted) to (?:post|send)|closed mailing list|members? only|sender denied|refused .{0,20}mail from|sending to/from an address|fully qualified",
    ),
    ("userunknown", r"mailbox unavailable or access denied"),
    ("securityerror", r"access denied|permission denied"),
    (
        "hostunknown",
        r"^[45]\d\d [\w-]+\.[\w.-]+ does not exist|host unknown|unknown host|domain (?:does not exist|doesn't exist|not (?:found|exist)|name not found|must exist|unknown|must resolve|is not|invalid)|host (?:or domain name )?(?:not found|does not exist)|no such (?:domain|host)|name (?:or service|service error|server)|nxdomain|unrouteable (?:mail )?domain|unrouteable address|unroutable address|unable to (?:route|find) (?:to )?(?:domain|host)|invalid (?:domain|host)|dns lookup failure|could not find (?:a )?gateway|bad destination (?:host|system)|no mail (?:exchanger|server)s? (?:for|found) .{0,20}unknown|illegal host/domain|domain could ?n[o']t be found|cannot find (?:the )?(?:domain|host)|unknown (?:domain|mail host)",
    ),
    (
        "notaccept",
        r"does not accept (?:any )?(?:mail|e-?mail|messages)|not accept(?:ing)? (?:any )?(?:mail|smtp)|null mx|nullmx|no mx (?:found|record|host)|couldn'?t find (?:a |any )?(?:mail exchanger|host named)|smtp protocol returned a permanent|name server: .{0,60}data not found|mail exchanger (?:or ip|not)|service does not accept|host/domain does not accept|does not receive mail",
    ),
    (
        "networkerror",
        r"lost connection|name resolution|too many hops|mail loop|loop(?:s)? (?:back|detected)|hop count|routing (?:error|loop)|network (?:error|unreachable|is unreachable|failure)|no route to host|dns (?:error|server failure|timeout|lookup fail)|lookup (?:timed|failure)|host name lookup|name lookup|destination (?:host )?unreachable|connection (?:was )?(?:reset|dropped|lost)|too many (?:levels|redirections)|could not (?:contact|connect to) dns|misconfigur|malformed (?:name|reply)|mx .{0,30}(?:points? to|loop)|temporary resolution",
    ),
    (
        "expired",
        r"timed? ?out|time-?out|expir(?:ed|ation)|(?:been|remained|was|enqueued) .{0,30}(?:queue|undeliverable for)|retry time(?:out)?|could not (?:be )?deliver(?:ed)? (?:for|within)|not (?:been )?delivered (?:within|after)|not responding|did not (?:respond|accept our requests)|giving up|give up|delayed|(?:message|mail) (?:is|was) too old|delivery time|failing for a long time|unable to (?:contact|connect)|cannot (?:connect|contact)|connection (?:timed|attempts)|(?:too long|maximum time) .{0,20}queue|queue too long|unable to deliver this message after|will be retried|socket error|no answer from|was aborted after|has not (?:yet )?been|retried|connect to",
    ),
    (
        "userunknown",
        r"(?:user|recipient|mail ?box|address|account|local[- ]part|mail-?box|addressee|customer|subscriber|adresse|destinataire|usuario|email)\W{0,3}(?:\S+ ){0,6}?(?:is |was |are |could ?n.t be |can ?not be |does ?|do )?(?:unknown|not (?:found|known|exist|recogni[sz]ed|listed|available|a valid|valid|active|have|in |local|defined|registered|here)|invalid|n.t (?:exist|found|have|be found)|unavailable|doesn'?t|does not|no longer|inconnu|undeliverable|couldn'?t be found|wasn'?t found)"
        r"|(?:unknown|no such|invalid|bad|nonexistent|non-existent|undefined|unrecogni[sz]ed|wrong|not a valid|no valid|not found|illegal|unable to find|cannot find|can.t find|no) (?:\S+ )?(?:user|recipient|mail ?box|address|account|local[- ]?(?:part|user|address)|member|person|addressee|email)"
        r"|(?:here|mailbox) by that name|not (?:our|a) (?:customer|known user|user)|userunknown|recip(?:ient)?notfound|not listed in|doesn'?t have an? .{0,60}account|not (?:in|listed in) .{0,30}(?:directory|address book|domino)|wasn't found at|no longer (?:valid|exists?|available|active|employed|here)|desconocid[oa]|宛先不明|не существует|desconhecid[oa]|見つかりません|リストにありません|存在しません|n'existe pas|unbekannt|existiert nicht|non trovat|no existe|nicht gefunden|ist unbekannt|never logged|unrouteable|never heard|not a registered|deliverymailbox|isn'?t a|no mailbox|not handled|recipnotfound|recipient address rejected\.?$|^[45]\d\d rejected|address .{0,40}fail|check if (?:the )?address is correct",
    ),
    (
        "filtered",
        r"recipient preferences|(?:rejected|refused|filtered|blocked) by (?:the )?(?:recipient|user|domain filter|owner)|domain filter|mailbox unavailable|refused by (?:user|recipient)|not accept(?:ing)? (?:mail|messages) from (?:you|this)|restricted|rejected by a remote mail server|not deliverable|no valid recipients|aufgeführt|sender .{0,30}not (?:in|on) .{0,20}list|because the recipient",
    ),
    (
        "systemerror",
        r"transaction failed|could not load|service refus|operating system error|local error|server (?:configuration )?error|internal (?:error|server)|system (?:error|configuration|config|problem|failure|incorrectly)|insufficient permission|unable to contact ldap|ldap|can'?t (?:create|open|write|chdir|read)|cannot (?:open|write|create)|processing error|temporary (?:local )?(?:problem|error|failure)|unexpected (?:failure|error)|error in processing|software caused|i/o error|permission denied|configuration error|service (?:currently |temporarily )?(?:unavailable|not available)|interrupted|try again later|quota server|reach(?:ed)? the maximum",
    ),
    (
        "mailererror",
        r"command (?:died|failed|output|time limit)|unknown mailer|mailer (?:error|said)|x-unix|procmail|maildrop|child (?:status|process)|exit(?:ed)? (?:status|with)|delivery agent|deliver to command|signal \d",
    ),
    (
        "syntaxerror",
        r"syntax error|command (?:not implemented|unrecogni[sz]ed|parameter)|unrecogni[sz]ed command|bad sequence|parameter not|unsupported command|need rcpt|helo first|ehlo first|expected",
    ),
)

# RFC 3463 and IANA's register; what servers put there with care.
STATUS_REASONS: dict[str, str] = {
    "1.0": "userunknown", "1.1": "userunknown", "1.2": "hostunknown", "1.3": "userunknown", "1.4": "userunknown",
    "1.6": "hasmoved", "1.7": "rejected", "1.8": "rejected", "1.9": "userunknown", "1.10": "userunknown", "1.351": "userunknown",
    "2.0": "filtered", "2.1": "filtered", "2.2": "mailboxfull", "2.3": "exceedlimit", "2.4": "filtered",
    "3.0": "systemerror", "3.1": "systemfull", "3.2": "notaccept", "3.3": "systemerror", "3.4": "mesgtoobig", "3.5": "systemerror",
    "4.0": "networkerror", "4.1": "expired", "4.2": "expired", "4.3": "systemerror", "4.4": "hostunknown", "4.5": "systemerror",
    "4.6": "networkerror", "4.7": "expired", "4.316": "expired",
    "5.0": "", "5.2": "syntaxerror", "5.3": "toomanyconn", "5.4": "syntaxerror", "5.5": "syntaxerror",
    "6.0": "contenterror", "6.1": "contenterror", "6.2": "contenterror", "6.3": "contenterror", "6.5": "contenterror", "6.6": "contenterror",
    "6.7": "contenterror", "6.8": "contenterror", "6.9": "contenterror",
    "7.2": "rejected", "7.5": "securityerror", "7.6": "securityerror", "7.8": "securityerror", "7.9": "securityerror", "7.10": "securityerror", "7.11": "securityerror",
    "7.13": "suspend", "7.14": "securityerror", "7.17": "hasmoved", "7.18": "hostunknown", "7.19": "securityerror",
    "7.20": "authfailure", "7.21": "authfailure", "7.22": "authfailure", "7.23": "authfailure", "7.24": "authfailure",
    "7.25": "requireptr", "7.26": "authfailure", "7.27": "notaccept", "7.28": "speeding", "7.29": "authfailure",
    "7.30": "securityerror", "7.509": "authfailure", "7.511": "blocked", "7.512": "authfailure", "7.606": "blocked", "7.650": "badreputation",
}  # fmt: skip

SURE_STATUSES = frozenset(
    {
        "1.1",
        "1.2",
        "1.6",
        "1.8",
        "1.10",
        "1.351",
        "4.316",
        "2.2",
        "2.3",
        "3.2",
        "3.4",
        "7.13",
        "7.25",
        "7.26",
        "7.27",
        "7.509",
    }
    | {"7.20", "7.21", "7.22", "7.23", "7.24", "7.29", "7.30", "7.606", "7.650"}
)

# Codes of single providers, as they publish them.
PROVIDER_CODES: tuple[tuple[str, str], ...] = (
    ("requireptr", r"rdns lookup failed"),
    ("userunknown", r"5\.4\.1 .{0,120}recipient address(?:es)? rejected ?: access denied"),
    ("rejected", r"groups\.google\.com/support"),
    ("spamdetected", r"\bofr_?50[1-9]\b|\bib(?:508a|705|510|703)\b"),
    ("authfailure", r"\bib508\b"),
    ("rejected", r"\bib50[56]\b|\bib504\b"),
    ("speeding", r"\bib60[4-7]\b"),
    ("blocked", r"\bib10[1-9]\b|\bofr_?10[1-5]\b|aup#cdrbl|aup#pol|aup#"),
    ("policyviolation", r"\blpn000_6\d\d\b"),
    ("suspend", r"\blpn007_42[0-9]\b|\bofr_?41[5-7]\b"),
    ("mailboxfull", r"\bofr_?417\b"),
)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def first_match(table: tuple[tuple[str, str], ...], text: str) -> str:
    """The reason of the first row whose pattern occurs in the text; empty when none does."""
    return next((reason for reason, pattern in table if compiled(pattern).search(text)), "")

"""Small English words by what they do in a sentence, and the words that never are a keyword.

Enough to tell noun phrases from the rest without a trained tagger: closed classes are listed in full, verbs are
    those of
everyday business mail with their regular forms.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words("""a an the this that these those my our your his her its their any some no each every both
    all which what whose another
    either neither enough several many few more most much such one two three four five six seven eight nine ten eleven
    thirteen fourteen fifteen sixteen eighteen twelve dozen dozens twenty thirty forty fifty hundred""")
PREPOSITIONS = _words("""of in on at for with without by from into onto about over under between among through
    during before after since
    until till against within across behind beside besides beyond despite except regarding concerning per via as than
    like near off out up down around towards toward upon including above below along""")
PRONOUNS = _words("""i you he she it we they me him us them who whom myself yourself ourselves yourselves
    themselves itself somebody someone
    anybody anyone nobody everybody everyone something anything nothing everything there here one's mine yours ours
    theirs i'm i've i'd i'll you're you've you'd you'll we're we've we'd we'll they're they've they'd they'll it's
    it'd
    it'll he's she's that's there's who's what's here's let's""")
SUBJECTS = _words("""i you he she it we they who nobody somebody someone anyone everyone everybody i'm i've i'd
    i'll you're you've
    you'd you'll we're we've we'd we'll they're they've they'd they'll it's it'd it'll he's she's that's there's
    let's""")
CONJUNCTIONS = _words("""and or but nor so yet because if unless although though while whereas whether when where
    why how that since once
    then otherwise however therefore moreover furthermore meanwhile instead also too either""")
BE = _words("""be am is are was were been being isn't aren't wasn't weren't i'm you're we're they're it's he's
    she's that's
    what's stay stays stayed remain remains seem seems seemed looks looked feels felt sounds became become becomes""")
INTENSIFIERS = _words("""too very so really quite rather extremely not always""")
MODALS = _words("""can could will would shall should may might must do does did have has had don't doesn't didn't
    won't wouldn't
    can't couldn't shouldn't cannot haven't hasn't hadn't needn't mustn't please kindly not never to ought let let's
    i'd i'll i've you'd you'll you've we'd we'll we've they'd they'll they've pls""")
ADVERBS = _words("""very really quite rather just only still already again soon now today tomorrow yesterday always
    often sometimes
    ever almost even perhaps maybe almost well far away back together apart later earlier sooner instead meanwhile
    once twice thrice abroad indoors outdoors onwards straight anyway somehow somewhere anywhere everywhere nowhere
    upstairs downstairs ago hence thus too as-is asap else altogether overnight forever o'clock""")
# Words that end in -ly and yet are nouns or part of one.
LY_NOUNS = _words("""supply assembly reply family fly anomaly monthly weekly daily yearly quarterly ally""")

# Verbs of business mails; regular forms are made of them. Many are nouns too: then the place in the sentence decides.
_VERBS = """accept access activate add advise afford agree aim allow announce annoy answer apologise apologize appear
    apply appreciate approve arrange arrive ask assist assume assure attach attend avoid back bear beat begin believe
    belong block book borrow bother break breach bring build burn buy call cancel care carry cause change charge chase
    check choose claim clean clear click climb close collect come compare complain complete concern confirm connect
    consider contact contain continue convert convince copy cost cover crack crash create cut damage deal decide
    deduct
    delay delete deliver demand demonstrate depend describe die dodge deserve disappear disappoint discover discuss
    dislike drain
    drop email enable end enjoy enquire enter expect expire explain export extend face fail fall fear fill find finish
    fit fix flicker follow forget forward freeze function get give go grow guess handle hang happen hate have hear
    help
    hesitate hold hope ignore imagine import improve include increase inform inquire insist install intend introduce
    invite involve invoice issue jam join keep know lack last lead leak learn leave lend let like link list live load
    lock log look lose love lower mail make manage match matter mean meet mention merge mind miss move name need note
    notice offer open operate order overheat owe own pair pass pay pick place plan play please point postpone prefer
    prepare present press prevent print proceed produce promise propose protect prove provide publish pull purchase
    push
    put quit quote raise reach read realise realize receive reckon recommend reconsider record reduce refer refund
    refuse regret reject release rely remain remember remind remove renew rent repair repeat replace reply report
    request require reset resolve respond restart restore result return review ring rise roll run save say scan
    schedule
    see seem sell send serve set share ship show shut sign skip solve sort sound speak spend split stand start stay
    stop
    store stress submit subscribe suffer suggest suit supply support suppose switch take talk tell terminate test
    thank
    think throw top touch track trade train transfer transmit travel treat trust try turn understand unsubscribe
    update
    upgrade upload use visit wait want warn waste watch wear weigh wish withdraw wonder work worry write"""
_IRREGULAR = """began begun bore borne bought broke broken brought built came chose chosen did done drew drawn fell
    fallen felt found forgot forgotten froze frozen gave given gone went got gotten grew grown had heard held hung
    kept
    knew known laid led left lent lost made meant met paid put quit ran rang rung read rose risen said sat saw seen
    sent
    sold set shook shown showed shut slept spoke spoken spent split spread stood stuck struck swam took taken taught
    thought threw thrown told tore torn understood woke woken wore worn won withdrew withdrawn wrote written cut hit
    dying lying"""


def _forms(base: str) -> tuple[str, ...]:
    if base.endswith("e"):
        return base, f"{base}s", f"{base}d", f"{base[:-1]}ing"
    if base.endswith("y") and base[-2] not in "aeou":
        return base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"
    ending = "es" if base.endswith(("s", "x", "ch", "sh", "z", "o")) else "s"
    doubled = f"{base}{base[-1]}"
    return base, f"{base}{ending}", f"{base}ed", f"{base}ing", f"{doubled}ed", f"{doubled}ing"


BASE_VERBS = frozenset(_VERBS.split())
VERBS = frozenset(form for base in BASE_VERBS for form in _forms(base)) | frozenset(_IRREGULAR.split())

# Adjectives that say how good, big, new or certain something is, not which kind it is: they fall off a keyword.
LOOSE_ADJECTIVES = _words("""new old newer older newest oldest good better best bad worse worst great greater nice
    fine poor high higher highest
    low lower lowest big bigger biggest large larger largest small smaller smallest long longer longest short shorter
    early earlier late later latest last next first second third final other same different certain various own whole
    entire total current recent previous former future present actual real true right wrong correct incorrect exact
    full
    half empty quick quicker fast faster slow slower easy easier hard difficult simple cheap cheaper expensive free
    possible available ready sure certain likely able unable happy glad sorry sad angry upset cross disappointed
    pleased
    satisfied unhappy dear kind lovely excellent superb brilliant amazing fantastic wonderful terrible awful
    horrible lousy
    ridiculous perfect awesome outstanding splendid marvellous useless broken faulty defective damaged missing
    crushed dead
    important urgent necessary useful helpful interesting interested complete additional extra further similar usual
    normal regular common special general main major minor typical nice beautiful ugly clean dirty strong weak
    heavy wide wider tall taller thick thin deep narrow
    light lighter heavier loud quiet hot cold warm unbearable outstanding overdue attached enclosed following above
    below mentioned said maximum minimum least less lots plenty due unable rude single little binding signed
    patient polite friendly honest
    bloody damn so-called proper latter overall alternative suitable appropriate reasonable convenient brief detailed
    rough exciting excited keen grateful welcome open closed separate upcoming coming past lost used""")
ADJECTIVE_ENDINGS = ("able", "ible", "ful", "ous", "less", "ish")

# ... save where they do say which kind.
TIGHT_PAIRS = frozenset(
    {("free", "shipping"), ("free", "trial"), ("free", "sample"), ("hard", "disk"), ("hard", "drive"), ("hard", "copy"),
     ("open", "source"), ("dead", "pixel"), ("hot", "spare"), ("light", "pen"), ("full", "hd"), ("cold", "store"),
     ("fast", "charger"), ("quick", "guide"), ("main", "board"), ("single", "sign-on"), ("common", "criteria")}
)  # fmt: skip
# Forms of verbs that inside a phrase are nouns, unless an object follows.
PLURAL_NOUNS = _words("""calls costs charges updates orders returns quotes keys sales tests covers reports records
    prints links loads locks
    backups visits repairs requests services supports cables changes claims copies cuts delays deliveries demands
    designs displays drops emails exports fees fits imports invoices issues leads lists logs mails matches mentions
    names notes notices offers payments places plans points prices purchases releases replies results rings runs
    scans sets shares shows signs starts stops stores supplies talks tracks trains transfers treats trials turns
    uploads uses views walks works renewals conditions refunds alerts tools upgrades batteries schedules""")
PAST_FORMS = frozenset(_IRREGULAR.split()) - {
    "cut",
    "set",
    "put",
    "hit",
    "split",
    "lead",
    "lying",
    "dying",
    "built",
    "spread",
}

# Nouns that say nothing on their own.
EMPTY_NOUNS = _words("""thing things way ways lot lots bit kind sort type case cases matter matters part
    parts point points
    reason reasons
    fact example place side end start beginning rest side number numbers amount couple pair piece pieces set one ones
    time times moment second seconds minute minutes hour hours day days week weeks weekend weekends month months year
    years morning mornings afternoon evening night noon date dates monday tuesday wednesday thursday friday saturday
    sunday mondays tuesdays wednesdays thursdays fridays january february march april may june july august september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn winter christmas
    easter quarter century today tomorrow yesterday deadline season fortnight
    mail mails email emails e-mail e-mails letter message messages reply replies answer answers question questions
    response note request enquiry inquiry inquiries call calls chat word words line lines subject attachment look hand
    hands eye eyes head mind heart hope idea ideas interest attention advance convenience consideration understanding
    cooperation help thanks thank regards wishes greetings sincerely cheers sir madam mr mrs ms dr hello hi dear yours
    best morning people person persons man woman men women guy guys folks anyone team teams colleague colleagues boss
    manager managers director chairman chef owner head staff employee employees everyone everybody husband wife son
    daughter mother father friend friends neighbour neighbours neighbor neighbors child children kids family somebody
    customer customers client clients company companies firm business office offices department departments
    organisation organization lawyer lawyers accountant auditor auditors supplier suppliers salesman salespeople
    representative rep reps assistant secretary everybody board committee
    problem problems issue issues trouble mess joke disaster nightmare shame pity mistake mistakes difference
    differences advice information info detail details news feedback opinion experience choice option options
    situation
    need needs wish reminder contact decision plan plans purpose result results favour favor pleasure joy luck chance
    opportunity yes no ok okay fyi ps re fw fwd lot breeze hang cause attempt effort stuff item items left right
    front back
    top bottom inside outside middle world country city town street road home life world mm cm km kg gb tb mb usd
    eur gbp jpy yen euro euros
    dollar dollars pound pounds percent pcs each total receipt confirmation surprise sense use step steps hold
    circumstance circumstances
    step basis terms regard respect addition order's relation behalf touch course event fault cup tea coffee lunch
    dinner""") - {"case", "cases", "deadline", "lead"}
PERSON_NOUNS = _words("""boss manager director colleague husband wife lawyer accountant auditor auditors chairman
    neighbour neighbor
    friend customer customers client clients team staff users teachers nurses engineers department cfo ceo cto owner
    deputy assistant secretary partner supplier board committee son daughter father mother brother sister technician
    consultant president principal headteacher users everybody people drivers doctors""")
SINGULAR_ALREADY = _words("""always analysis basis bus business gas lens news plus process wireless access address
    canvas chassis class express
    glass status bonus virus campus series wms sms dns gps sas ios focus radius census apparatus os https iris
    atlas premises headquarters""")


def singular(word: str) -> str:
    """The singular of a lower-case English noun, by its ending."""
    if len(word) < 4 or word in SINGULAR_ALREADY or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word.removesuffix("'s")
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]

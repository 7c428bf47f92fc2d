//! The words and phrases by which sentences of a posting say what they are, in lower case.

/// Phrases before a verb that is a task of the reader.
pub(super) const BEFORE_TASK: [&str; 23] = [
    "you will",
    "you'll",
    "you would",
    "you'd",
    "you get to",
    "you are going to",
    "you're going to",
    "your job is to",
    "your job will be to",
    "your role is to",
    "your role will be to",
    "your task is to",
    "your main task is to",
    "we need you to",
    "we want you to",
    "the job is to",
    "the role is to",
    "successful candidate will",
    "successful applicant will",
    "post holder will",
    "postholder will",
    "job holder will",
    "incumbent will",
];

/// Phrases before the tasks themselves.
pub(super) const TASKS: [&str; 17] = [
    "role involves",
    "job involves",
    "work involves",
    "position involves",
    "role will involve",
    "job will involve",
    "work will involve",
    "duties include",
    "duties will include",
    "responsibilities include",
    "responsibilities will include",
    "tasks include",
    "tasks will include",
    "you are responsible for",
    "you're responsible for",
    "you are in charge of",
    "you're in charge of",
];

/// Words between the phrase and its verb.
pub(super) const ADVERBS: [&str; 24] = [
    "also",
    "always",
    "and",
    "daily",
    "even",
    "generally",
    "initially",
    "likely",
    "mainly",
    "mostly",
    "normally",
    "occasionally",
    "often",
    "only",
    "primarily",
    "probably",
    "quickly",
    "regularly",
    "sometimes",
    "soon",
    "then",
    "therefore",
    "typically",
    "usually",
];

/// Verbs of what the reader gets, is or has, not of what the reader does.
pub(super) const NO_TASKS: [&str; 52] = [
    "apply",
    "appreciate",
    "attend",
    "become",
    "begin",
    "benefit",
    "bring",
    "come",
    "contact",
    "demonstrate",
    "earn",
    "enjoy",
    "enter",
    "expect",
    "feel",
    "find",
    "fit",
    "gain",
    "get",
    "go",
    "grow",
    "have",
    "hear",
    "hold",
    "join",
    "know",
    "learn",
    "like",
    "live",
    "love",
    "need",
    "never",
    "not",
    "notice",
    "possess",
    "prefer",
    "qualify",
    "receive",
    "register",
    "relocate",
    "report",
    "require",
    "see",
    "send",
    "speak",
    "start",
    "submit",
    "thrive",
    "travel",
    "understand",
    "want",
    "wear",
];

/// What follows `you will be` if it is a task.
pub(super) const BEING: [&str; 8] = [
    "responsible",
    "accountable",
    "in charge",
    "involved",
    "asked to",
    "expected to",
    "called on to",
    "tasked",
];

/// Words of pay, hours, place and contract.
pub(super) const TERMS: [&str; 59] = [
    "as and when",
    "benefits",
    "best people",
    "bonuses",
    "casual",
    "commission",
    "contract",
    "days",
    "discount",
    "fixed term",
    "free",
    "fri",
    "friday",
    "from home",
    "full time",
    "holiday",
    "holidays",
    "hour",
    "hourly",
    "hours",
    "hybrid",
    "insurance",
    "leave",
    "mon",
    "monday",
    "night",
    "nights",
    "overtime",
    "paid",
    "parking",
    "part time",
    "pay",
    "pension",
    "permanent",
    "probation",
    "remote",
    "remotely",
    "rota",
    "salary",
    "sat",
    "saturday",
    "shift",
    "shifts",
    "start date",
    "sun",
    "sunday",
    "temporary",
    "thu",
    "thur",
    "thurs",
    "tips",
    "tue",
    "tues",
    "uniform",
    "vacation",
    "wage",
    "wed",
    "weekend",
    "weekends",
];

/// The signs of money.
pub(super) const MONEY: [char; 5] = ['$', '\u{a3}', '\u{20ac}', '\u{20b9}', '\u{a5}'];

/// Words of an application.
pub(super) const APPLICATION: [&str; 13] = [
    "application",
    "applications",
    "apply",
    "applying",
    "covering letter",
    "cover letter",
    "cv",
    "application form",
    "interview",
    "photo",
    "references",
    "resume",
    "resumes",
];

/// Phrases that ask the reader for something.
pub(super) const ASKS: [&str; 12] = [
    "you must",
    "you need",
    "you will need",
    "you'll need",
    "you should have",
    "you should be able",
    "applicants must",
    "candidates must",
    "applicant must",
    "candidate must",
    "we require",
    "we ask for",
];

/// Words and phrases that a line which asks for what it names ends in.
pub(super) const ENDS: [&str; 22] = [
    "a bonus",
    "a must",
    "a plus",
    "advantageous",
    "an advantage",
    "an asset",
    "appreciated",
    "beneficial",
    "desirable",
    "desired",
    "essential",
    "helpful",
    "ideal",
    "mandatory",
    "needed",
    "nice to have",
    "optional",
    "preferable",
    "preferred",
    "required",
    "useful",
    "welcome",
];

/// Nouns of which a sentence says what they include.
pub(super) const WORK: [&str; 8] = [
    "role",
    "job",
    "work",
    "position",
    "post",
    "duties",
    "responsibilities",
    "tasks",
];

/// The number of words between such a noun and `includes`.
pub(super) const MOST_BETWEEN: usize = 4;

/// What the employer gives.
pub(super) const OFFERS: [&str; 10] = [
    "you'll get",
    "you will get",
    "you'll receive",
    "you will receive",
    "you'll enjoy",
    "you will enjoy",
    "in return",
    "we offer",
    "we will offer",
    "we'll offer",
];

/// What follows `you'll get` if it is a task.
pub(super) const GET: [&str; 6] = ["to", "stuck", "involved", "your", "things", "people"];

/// What is sent with an application.
pub(super) const PAPERS: [&str; 6] = [
    "your cv",
    "a cv",
    "your resume",
    "a resume",
    "cover letter",
    "covering letter",
];

/// Names of terms that are headings where a line has no other word.
pub(super) const PAY: [&str; 8] = [
    "benefits",
    "compensation",
    "hours",
    "pay",
    "remuneration",
    "salary",
    "wage",
    "wages",
];

/// What sentences about the selection of applicants say.
pub(super) const SELECTION: [&str; 16] = [
    "applications will be",
    "as to be considered",
    "candidates selected for an interview",
    "candidates under consideration",
    "candidates must also specify",
    "candidates must specify",
    "experience accepted as",
    "may be disqualified",
    "not be considered further",
    "not be eligible for appointment",
    "placed on the eligible list",
    "selected for interview",
    "selected for an interview",
    "will not be accepted for meeting",
    "will receive credit for",
    "you must explain in detail",
];

/// What sentences about the selection of applicants say if they name those, but other sentences may say as well.
pub(super) const STEPS: [&str; 6] = [
    "at the time of filing",
    "at time of filing",
    "at the time of interview",
    "at time of interview",
    "let us know",
    "will be contacted",
];

/// Those who apply, and what they fill in.
pub(super) const APPLICANTS: [&str; 8] = [
    "applicant",
    "applicants",
    "candidate",
    "candidates",
    "cover letter",
    "form",
    "shortlisted",
    "you and a friend",
];

/// Phrases of sentences that explain a requirement.
pub(super) const RULES: [&str; 5] = [
    "experience refers to",
    "volunteer work helps build",
    "may be substituted",
    "can be substituted",
    "this can be found in",
];

/// Words that begin a sentence about the job.
pub(super) const THIS_JOB: [&str; 5] = ["this position", "this role", "this job", "this post", "the position is"];

/// Verbs after such words in a sentence about terms: `This job comes with a pension`.
pub(super) const JOB_VERBS: [&str; 6] = ["can", "comes", "has", "is", "may", "offers"];

/// What a sentence says that gives the reader a duty: `This role is responsible for the rota`.
pub(super) const CHARGES: [&str; 5] = ["accountable", "in charge", "is to", "responsibility", "responsible"];

/// What sentences about the employer say, which tell no duties.
pub(super) const FIRM: [&str; 10] = [
    "company", "founded", "is a", "is an", "is the", "leading", "our", "us", "we", "you",
];

/// Calls to apply.
pub(super) const CALLS: [&str; 5] = [
    "ask inside",
    "ask in store",
    "get in touch",
    "to apply send",
    "to apply ring",
];

/// Verbs of applying.
pub(super) const SENDS: [&str; 13] = [
    "send", "email", "drop", "pop", "bring", "apply", "submit", "text", "upload", "attach", "forward", "indicate",
    "mention",
];

/// Words that end a heading such as `It would be great if you also had`.
pub(super) const INTRODUCE: [&str; 12] = [
    "are",
    "be",
    "bring",
    "following",
    "had",
    "have",
    "if",
    "include",
    "know",
    "need",
    "with",
    "you",
];

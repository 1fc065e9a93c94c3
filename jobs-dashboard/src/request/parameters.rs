//! The parameters that each address takes; every other parameter is refused, so that a slip never widens what a request acts on.

/// The conditions that select jobs. `job` and `name` are one: the command line and the JSON of a job say `job`.
pub(crate) const FILTER: &[&str] =
    &["state", "queue", "job", "name", "process", "error", "failure", "text", "since", "until"];
const TIME: &[&str] = &["in", "unit", "at"];
/// Which figures are shown.
const FIGURES: &[&str] = &["range", "job", "name", "queue"];
const POSITION: &[&str] = &["before", "after"];

/// The parameters that an address takes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parameters {
    /// In the query string of a request that only reads.
    pub(crate) read: Names,
    /// In the query string of a request that changes something.
    pub(crate) change: Names,
    /// In the body of a request that changes something.
    pub(crate) body: Names,
}

/// Names of parameters.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Names {
    groups: &'static [&'static [&'static str]],
    /// Those that a browser sends without a value if the user leaves the field empty.
    optional: &'static [&'static str],
}

impl Names {
    const fn of(groups: &'static [&'static [&'static str]]) -> Self {
        Self { groups, optional: &[] }
    }

    /// Of a form, whose fields may be empty.
    const fn of_form(groups: &'static [&'static [&'static str]], optional: &'static [&'static str]) -> Self {
        Self { groups, optional }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'static str> {
        self.groups.iter().copied().flatten().copied()
    }

    /// Whether they select what a request acts on, so that none of them may be missing by a slip.
    pub(crate) fn are_conditions(self) -> bool {
        self.iter().any(|name| name == "state") && !self.may_be_empty("state")
    }

    pub(crate) fn may_be_empty(self, name: &str) -> bool {
        self.optional.contains(&name)
    }
}

impl Parameters {
    const NONE: Self = Self { read: Names::of(&[]), change: Names::of(&[]), body: Names::of(&[]) };

    const fn read(names: Names) -> Self {
        Self { read: names, ..Self::NONE }
    }

    const fn body(names: Names) -> Self {
        Self { body: names, ..Self::NONE }
    }

    /// Those of the address with this path below the mount; `None` if the dashboard has no such address.
    pub(crate) fn of(path: &str) -> Option<Self> {
        match path.trim_matches('/').split('/').collect::<Vec<_>>().as_slice() {
            ["api", rest @ ..] => Self::of_api(rest),
            page => Self::of_page(page),
        }
    }

    fn of_page(path: &[&str]) -> Option<Self> {
        Some(match path {
            ["" | "processes" | "recurring" | "live" | "help"]
            | ["jobs" | "bulk-actions", _]
            | ["jobs", _, "retry" | "discard" | "cancel"]
            | ["bulk-actions", _, "stop"] => Self::NONE,
            ["assets", _] => Self::read(Names::of(&[&["v"]])),
            // A browser sends the empty fields of the search too.
            ["jobs"] => Self::read(Names::of_form(&[FILTER, POSITION, &["select"]], FILTER)),
            ["jobs", _, "reschedule"] => Self::body(Names::of_form(&[TIME], TIME)),
            ["failures"] => Self::read(Names::of(&[&["before"]])),
            ["figures"] => Self::read(Names::of(&[FIGURES])),
            ["selected"] => Self::body(Names::of(&[FILTER, &["verb", "id"]])),
            ["bulk", "reschedule"] => {
                Self { read: Names::of(&[FILTER]), body: Names::of_form(&[FILTER, TIME], TIME), ..Self::NONE }
            }
            ["bulk", _] => Self { read: Names::of(&[FILTER]), body: Names::of(&[FILTER]), ..Self::NONE },
            ["queues"] => Self::read(Names::of_form(&[&["prefix", "after"]], &["prefix"])),
            ["queues", "pause" | "resume"] => Self::body(Names::of(&[&["queue"]])),
            ["processes", "quiet" | "stop"] => Self::body(Names::of(&[&["process"]])),
            ["theme"] => Self::body(Names::of(&[&["theme"]])),
            ["recurring", "task"] => Self::read(Names::of(&[&["key"]])),
            ["recurring", "run" | "pause" | "resume"] => Self::body(Names::of(&[&["key"]])),
            _ => return None,
        })
    }

    fn of_api(path: &[&str]) -> Option<Self> {
        Some(match path {
            ["jobs", _, "reschedule"] => Self::body(Names::of(&[TIME])),
            ["stats" | "processes" | "recurring"]
            | ["jobs" | "bulk-actions", _]
            | ["jobs", _, _]
            | ["bulk-actions", _, "stop"] => Self::NONE,
            ["jobs"] => Self::read(Names::of(&[FILTER, POSITION, &["limit"]])),
            ["failures"] => Self::read(Names::of(&[&["before", "limit"]])),
            ["figures"] => Self::read(Names::of(&[FIGURES])),
            ["bulk", "reschedule"] => {
                Self { change: Names::of(&[FILTER]), body: Names::of(&[FILTER, TIME]), ..Self::NONE }
            }
            ["bulk", _] => Self { change: Names::of(&[FILTER]), body: Names::of(&[FILTER]), ..Self::NONE },
            ["queues"] => Self::read(Names::of(&[&["prefix", "after", "limit"]])),
            ["queues", "pause" | "resume"] => Self::body(Names::of(&[&["queue"]])),
            ["processes", "quiet" | "stop"] => Self::body(Names::of(&[&["process"]])),
            ["recurring", "run" | "pause" | "resume"] => Self::body(Names::of(&[&["key"]])),
            _ => return None,
        })
    }
}

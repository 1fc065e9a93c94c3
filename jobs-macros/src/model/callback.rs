//! The callbacks of a policy.

use syn::Path;

/// One callback.
pub(crate) struct Callback {
    pub(crate) kind: CallbackKind,
    pub(crate) path: Path,
    pub(crate) conditions: Vec<Condition>,
}

/// When a callback runs.
#[derive(Clone)]
pub(crate) struct Condition {
    /// The answer of the function for which the callback runs.
    pub(crate) wanted: bool,
    pub(crate) path: Path,
}

/// One inherited callback that is left out.
pub(crate) struct Skip {
    pub(crate) kind: CallbackKind,
    pub(crate) path: Path,
}

/// The six kinds. Their names are also the variants of `jobs::callback::Kind`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CallbackKind {
    BeforePerform,
    AfterPerform,
    AroundPerform,
    BeforeEnqueue,
    AfterEnqueue,
    AroundEnqueue,
}

impl CallbackKind {
    pub(crate) const ALL: [Self; 6] = [
        Self::BeforePerform,
        Self::AfterPerform,
        Self::AroundPerform,
        Self::BeforeEnqueue,
        Self::AfterEnqueue,
        Self::AroundEnqueue,
    ];

    /// Its key in the attribute.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::BeforePerform => "before_perform",
            Self::AfterPerform => "after_perform",
            Self::AroundPerform => "around_perform",
            Self::BeforeEnqueue => "before_enqueue",
            Self::AfterEnqueue => "after_enqueue",
            Self::AroundEnqueue => "around_enqueue",
        }
    }

    pub(crate) fn is_around(self) -> bool {
        matches!(self, Self::AroundPerform | Self::AroundEnqueue)
    }

    pub(crate) fn is_of_enqueue(self) -> bool {
        matches!(self, Self::BeforeEnqueue | Self::AfterEnqueue | Self::AroundEnqueue)
    }
}

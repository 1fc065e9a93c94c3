//! How a job's parameters are passed to a method of Ruby.

/// How the parameters of a job are passed where a list of arguments is stored, as Ruby's job systems do.
///
/// `#[job]` and `#[remote]` write it into [`Settings`](crate::Settings) from the parameters of the function, and the runtime
/// passes it to the store with each [`NewJob`](crate::NewJob). The names are those under which serde writes the arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// The names of the positional parameters, in order.
    pub positional: &'static [&'static str],
    /// The names of the keyword parameters.
    pub keywords: &'static [&'static str],
}

impl Signature {
    /// Positional parameters of these names, in this order.
    pub const fn new(positional: &'static [&'static str]) -> Self {
        Self { positional, keywords: &[] }
    }

    /// With keyword parameters of these names.
    pub const fn keywords(mut self, keywords: &'static [&'static str]) -> Self {
        self.keywords = keywords;
        self
    }
}

//! The parameters of a job's function.

use proc_macro2::Ident;
use syn::{Attribute, Expr, Type};

/// One parameter.
pub(crate) enum Parameter {
    /// Stored with the job.
    Argument(Argument),
    /// A reference that the runtime provides.
    Provided(Provided),
}

impl Parameter {
    pub(crate) fn argument(&self) -> Option<&Argument> {
        match self {
            Self::Argument(argument) => Some(argument),
            Self::Provided(_) => None,
        }
    }

    pub(crate) fn provided(&self) -> Option<&Provided> {
        match self {
            Self::Argument(_) => None,
            Self::Provided(provided) => Some(provided),
        }
    }
}

/// A stored parameter.
#[derive(Clone)]
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) default: Option<DefaultValue>,
    /// Whether Ruby passes it by its name.
    pub(crate) is_keyword: bool,
    pub(crate) cfg: Vec<Attribute>,
    /// Attributes that move to the field: `#[serde(..)]` and docs.
    pub(crate) of_field: Vec<Attribute>,
}

/// The value of an argument that `new` leaves out.
#[derive(Clone)]
pub(crate) enum DefaultValue {
    OfType,
    Expression(Expr),
}

/// A provided parameter.
pub(crate) struct Provided {
    pub(crate) name: Ident,
    /// The `T` of `&T`; `None` for `&Context`, which every job can take.
    pub(crate) ty: Option<Type>,
    pub(crate) cfg: Vec<Attribute>,
}

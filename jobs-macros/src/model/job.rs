//! A job, and what is emitted in place of one that is not valid.

use proc_macro2::Ident;
use syn::{Attribute, Path, Type};

use super::{Argument, Function, JobSettings, Parameter, Policy, Returned};
use crate::errors::Errors;

/// A valid job.
pub(crate) struct JobModel {
    /// The path of the crate `jobs`.
    pub(crate) jobs: Path,
    pub(crate) function: Function,
    /// The name of the struct.
    pub(crate) name: Ident,
    /// Whether another program performs it.
    pub(crate) is_remote: bool,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) returned: Returned,
    pub(crate) settings: JobSettings,
    pub(crate) functions: JobFunctions,
    pub(crate) policy: Policy,
}

impl JobModel {
    /// The stored parameters, in order.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Argument> {
        self.parameters.iter().filter_map(Parameter::argument)
    }
}

/// The functions that are called with a job, or with its arguments of an older version.
pub(crate) struct JobFunctions {
    pub(crate) queue: Option<Path>,
    pub(crate) priority: Option<Path>,
    pub(crate) unique_by: Option<Path>,
    pub(crate) upgrade: Option<Path>,
}

/// A job that is not valid.
pub(crate) struct InvalidJob {
    pub(crate) function: Function,
    /// `None` for a method: no items fit beside it.
    pub(crate) fallback: Option<Fallback>,
    pub(crate) errors: Errors,
}

/// What takes the place of a job that is not valid, so that its callers compile.
pub(crate) struct Fallback {
    pub(crate) jobs: Path,
    pub(crate) name: Ident,
    pub(crate) fields: Vec<Argument>,
    pub(crate) given: Vec<Given>,
    pub(crate) setters: Vec<Argument>,
    pub(crate) returned: Returned,
}

/// What callers pass to `new`.
pub(crate) struct Given {
    pub(crate) cfg: Vec<Attribute>,
    /// `None` if a value of any type is accepted.
    pub(crate) ty: Option<Type>,
}

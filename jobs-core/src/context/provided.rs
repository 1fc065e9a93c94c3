//! The dependencies that a program provides to its jobs, by type.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::NotProvided;

/// A type that a job needs to be provided.
#[derive(Clone, Copy)]
pub struct Requirement {
    id: fn() -> TypeId,
    name: fn() -> &'static str,
}

impl Requirement {
    /// The type `T`. Whether it can be shared between threads is checked where it is provided.
    pub const fn of<T: 'static>() -> Self {
        Self { id: TypeId::of::<T>, name: type_name::<T> }
    }

    /// Which type.
    pub fn id(&self) -> TypeId {
        (self.id)()
    }

    /// Its name, for messages.
    pub fn name(&self) -> &'static str {
        (self.name)()
    }
}

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Requirement({})", self.name())
    }
}

/// The values that are provided to jobs, by their type.
#[derive(Clone, Default)]
pub struct Provided {
    values: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    names: Vec<&'static str>,
}

impl Provided {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value; it replaces an earlier one of the same type.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        if self.values.insert(TypeId::of::<T>(), Arc::new(value)).is_none() {
            self.names.push(type_name::<T>());
        }
    }

    /// The value of type `T`.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.values.get(&TypeId::of::<T>()).and_then(|value| value.downcast_ref())
    }

    /// `Some` if there is no value of the required type.
    pub fn missing(&self, required: &Requirement) -> Option<NotProvided> {
        let there = self.values.contains_key(&required.id());
        (!there).then(|| NotProvided { missing: required.name() })
    }
}

impl fmt::Debug for Provided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.names).finish()
    }
}

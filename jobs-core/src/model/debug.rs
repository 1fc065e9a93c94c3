//! `Debug` of records without their arguments and metadata, which may be secret.

/// Implements `Debug` with these fields; `..` stands for the others.
macro_rules! debug_without_arguments {
    ($record:ident: $($field:ident),*) => {
        impl std::fmt::Debug for $record {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($record))$(.field(stringify!($field), &self.$field))*.finish_non_exhaustive()
            }
        }
    };
}

pub(crate) use debug_without_arguments;

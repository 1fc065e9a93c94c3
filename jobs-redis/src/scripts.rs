//! Declares the scripts of a store, which lie in files.

/// Declares scripts, each with what all of them begin with in front of it. Redis loads a script at its first use.
#[macro_export]
macro_rules! scripts {
    (beginning with $common:literal; $($(#[$what:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$what])*
        pub(crate) static $name: ::std::sync::LazyLock<$crate::redis::Script> = ::std::sync::LazyLock::new(|| {
            $crate::redis::Script::new(concat!(include_str!($common), include_str!($file)))
        });)*
    };
}

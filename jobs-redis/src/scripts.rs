//! Declares the scripts of a store, which lie in files.

/// What the scripts of all stores begin with.
pub const COMMON_LUA: &str = include_str!("lua/common.lua");

/// Declares scripts, each with what those of all stores and those of this store begin with in front of it. Redis loads a script at
/// its first use.
#[macro_export]
macro_rules! scripts {
    (beginning with $common:literal; $($(#[$what:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$what])*
        pub(crate) static $name: ::std::sync::LazyLock<$crate::redis::Script> = ::std::sync::LazyLock::new(|| {
            $crate::redis::Script::new(&[$crate::COMMON_LUA, include_str!($common), include_str!($file)].concat())
        });)*
    };
}

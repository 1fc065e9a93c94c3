//! The scripts of a store, which lie in files, and how they are declared.

/// What the scripts of all stores begin with.
pub const COMMON_LUA: &str = include_str!("lua/common.lua");

/// A script in Lua.
#[derive(Debug)]
pub struct Script {
    code: String,
    hash: String,
}

impl Script {
    /// A script with this code; nothing is sent yet.
    #[must_use]
    pub fn new(code: String) -> Self {
        let hash = redis::Script::new(&code).get_hash().to_owned();
        Self { code, hash }
    }

    /// Calls the script by its hash, which a server knows that has run it.
    pub(crate) fn by_hash(&self, arguments: &[Vec<u8>]) -> redis::Cmd {
        call("EVALSHA", &self.hash, arguments)
    }

    /// Calls the script by its code, which the server keeps.
    pub(crate) fn by_code(&self, arguments: &[Vec<u8>]) -> redis::Cmd {
        call("EVAL", &self.code, arguments)
    }
}

fn call(command: &str, script: &str, arguments: &[Vec<u8>]) -> redis::Cmd {
    let mut call = redis::cmd(command);
    call.arg(script).arg(0);
    for argument in arguments {
        call.arg(argument.as_slice());
    }
    call
}

/// Declares scripts, each with what those of all stores and those of this store begin with in front of it. Redis gets the code of a
/// script at its first use.
#[macro_export]
macro_rules! scripts {
    (beginning with $common:literal; $($(#[$what:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$what])*
        pub(crate) static $name: ::std::sync::LazyLock<$crate::Script> = ::std::sync::LazyLock::new(|| {
            $crate::Script::new([$crate::COMMON_LUA, include_str!($common), include_str!($file)].concat())
        });)*
    };
}

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

/// Redis 6.2 closes a connection that sends a command of more words than 1024 × 1024.
const WORDS_MAX: usize = 1_000_000;

fn call(command: &str, script: &str, arguments: &[Vec<u8>]) -> redis::Cmd {
    let mut call = redis::cmd(command);
    call.arg(script).arg(0);
    if arguments.len() > WORDS_MAX {
        call.arg("packed").arg(packed(arguments));
        return call;
    }
    for argument in arguments {
        call.arg(argument.as_slice());
    }
    call
}

/// All arguments in one, each behind its length in four bytes: Redis takes none that is longer. The head of the scripts takes
/// them apart.
fn packed(arguments: &[Vec<u8>]) -> Vec<u8> {
    let mut all = Vec::new();
    for argument in arguments {
        all.extend_from_slice(&u32::try_from(argument.len()).unwrap_or(u32::MAX).to_be_bytes());
        all.extend_from_slice(argument);
    }
    all
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_no_more_words_than_redis_takes_and_each_argument_with_its_length() {
        let script = Script::new(String::new());
        let words = |arguments: usize| script.by_hash(&vec![b"a".to_vec(); arguments]).args_iter().count();
        assert_eq!((words(10), words(WORDS_MAX), words(WORDS_MAX + 1)), (13, WORDS_MAX + 3, 5));
        assert_eq!(packed(&[b"one".to_vec(), Vec::new(), vec![7; 300]])[..14], *b"\0\0\0\x03one\0\0\0\0\0\0\x01");
    }
}

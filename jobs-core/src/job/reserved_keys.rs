//! Finds keys that Active Job reserves: in a store that Ruby shares, such a key would make Ruby load another object.

use serde::Serialize;

use crate::Error;
use crate::json_text::ReservedKey;

/// The name of the newtypes as which values of Ruby are serialized. Reserved keys in them were written by a program, not
/// by its users. `jobs-active-job` has these types.
pub const RUBY_VALUE: &str = "$jobs::RubyValue";

/// The first key of a value that begins with `_aj_`, other than in a [`RUBY_VALUE`]. `text` is the JSON of the value.
pub fn reserved_key<T: Serialize + ?Sized>(value: &T, text: &str) -> Option<String> {
    // Hardly any job has such a key, so the value is not searched without need.
    ReservedKey::may_be_in(text).then(|| ReservedKey::in_value(value)).flatten()
}

/// The error of a store that Ruby shares for a key that begins with `_aj_`. It [is invalid](Error::is_invalid).
pub fn reserved_key_error(key: &str) -> Error {
    Error::invalid(format!(
        "the key `{}` begins with `_aj_`; Active Job reserves such keys for values of Ruby. Use another key. For a symbol, \
         a record or another value of Ruby, take the types of `jobs::active_job`",
        key.escape_debug()
    ))
}

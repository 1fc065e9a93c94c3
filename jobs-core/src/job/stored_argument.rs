//! The check that an argument of a job can be stored, so that the compiler says in one sentence if it cannot.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// States at compile time that a parameter of a job can be stored. `Borrowed` is what the job takes by reference if it is
/// not an argument but something that the runtime provides.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored as an argument of a job",
    label = "if it is not an argument, take `&{Borrowed}` and provide it to the runtime",
    note = "arguments are stored as JSON: `#[derive(serde::Serialize, serde::Deserialize)]` on a type of your own, the feature `serde` of another crate"
)]
pub trait StoredArgument<Borrowed: ?Sized> {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned, Borrowed: ?Sized> StoredArgument<Borrowed> for T {}

/// Checks the type of an argument. The macro writes the call.
pub const fn stored_argument<T: StoredArgument<Borrowed>, Borrowed: ?Sized>() {}

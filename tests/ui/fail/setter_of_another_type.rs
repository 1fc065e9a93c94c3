//! errors: 1
//! The setter of an optional argument is given something that does not become one.

use jobs::prelude::*;

#[job]
async fn deliver(to: u64, #[default] message: Option<String>) -> Result<(), std::io::Error> {
    drop((to, message));
    Ok(())
}

fn main() {
    let _ = Deliver::new(7).message(8);
}

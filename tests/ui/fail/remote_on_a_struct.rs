//! errors: 1

#[jobs::remote(name = "EmailJob")]
struct Email;

fn main() {}

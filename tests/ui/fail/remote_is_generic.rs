//! errors: 1

#[jobs::remote(name = "EmailJob")]
fn email<T>(user: T);

fn main() {}

//! errors: 1

#[jobs::remote(name = "EmailJob")]
fn email(user_id: u64) {
    println!("{user_id}");
}

fn main() {
    let _ = Email::perform_later(1);
}

//! Jobs that another program performs.

#[remote(name = "EmailJob", queue = "emails")]
pub fn email(user_id: u64, #[default] template: Option<String>, #[keyword] message: String);

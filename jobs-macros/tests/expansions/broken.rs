#[job(quue = "mail", timeout = 30)]
async fn deliver(to: u64, subject: &str, #[default] copies: u32) -> Result<(), Error> {
    Ok(())
}

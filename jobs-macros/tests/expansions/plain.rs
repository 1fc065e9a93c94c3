#[job(queue = "mail")]
async fn deliver(to: u64, subject: String, ctx: &Context) -> Result<(), Error> {
    ctx.tell(to, subject).await
}

/// Delivers a parcel.
#[job(queue = chosen, priority = chosen_priority, redact(card))]
pub async fn deliver(
    /// Where it goes.
    to: u64,
    card: String,
    #[default] message: Option<String>,
    #[default = 1] copies: u32,
    #[cfg(feature = "paper")] paper: Paper,
    #[cfg(feature = "shop")] shop: &Shop,
) -> Result<Receipt, Error> {
    shop.deliver(to).await
}

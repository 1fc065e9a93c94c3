#[job(queue = "invoices", unique(by = invoice_id, until = done, for = 1h))]
async fn send_invoice(invoice_id: u64, template: String) -> Result<(), Error> {
    mail(invoice_id, &template).await
}

#[job(unique(by = self::customer, until = start))]
async fn sync(customer_id: u64) {
    pull(customer_id).await;
}

# Rust performs it: here it is only enqueued.
class ReportJob < ApplicationJob
  queue_as :reports

  def perform(order_id, title)
    raise NotImplementedError, "ReportJob is performed in Rust"
  end
end

# Ruby performs it.
class MailJob < ApplicationJob
  queue_as :mailers

  def perform(order_id, text)
    puts "mail about order #{order_id}: #{text}"
  end
end

# Prints the latency of the queue `rust` in seconds, as the page of queues shows it.
require_relative "jobs"
require "sidekiq/api"

puts Sidekiq::Queue.new("rust").latency

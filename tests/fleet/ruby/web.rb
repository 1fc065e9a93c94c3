# Serves Sidekiq's web pages on a local port: `ruby web.rb PORT`.
require_relative "jobs"
require "sidekiq/web"
require "rack"
require "securerandom"

secret = SecureRandom.hex(64)
pages = Rack::Builder.new do
  begin
    require "rack/session"
    use Rack::Session::Cookie, secret: secret
  rescue LoadError
    use Rack::Session::Cookie, secret: secret
  end
  run Sidekiq::Web
end

handler =
  begin
    require "rackup"
    Rackup::Handler::WEBrick
  rescue LoadError
    require "rack/handler/webrick"
    Rack::Handler::WEBrick
  end
handler.run(pages, Host: "127.0.0.1", Port: Integer(ARGV.fetch(0)), AccessLog: [], Logger: WEBrick::Log.new(File::NULL))

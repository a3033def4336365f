// dynalite 4.0.0 throws what a request's stream reports, so one client that hangs up while it sends ends the whole server.
// The tests hang up on purpose.
process.on('uncaughtException', (error) => {
  if (error.code === 'ECONNRESET') return
  console.error(error)
  process.exit(1)
})

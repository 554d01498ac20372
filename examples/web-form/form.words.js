// What the form says by itself. What may answer a question, and where to call, comes from the server.
export const needed = ["name", "email", "text"]
export const pauseAfter = 600 // milliseconds without a letter: the server takes 30 questions a minute

export const shortest = 4 // characters: less asks for nothing

export const words = {
  en: {
    title: "Write to us",
    nameMissing: "Please tell us your name",
    emailMissing: "Please tell us where we can answer",
    emailWrong: "This is no email address",
    textMissing: "Please write your question",
    found: "{count} answers that may help",
    callUs: "Call us:",
    sent: "We have your message. You get a mail that says when we will answer. In an emergency call 911; in emotional distress call or text 988.",
    sentUrgent: "We have your message. Please do not wait for our answer: call 911 now, or 988 if you think of harming yourself.",
    later: "Too many messages at once. Please send it again in {seconds} seconds.",
    failed: "It could not be sent. Please try again, or call us.",
    offline: "There is no connection. Your text is still here: please try again.",
  },
  es: {
    title: "Escríbanos",
    nameMissing: "Díganos su nombre, por favor",
    emailMissing: "Díganos adónde podemos responderle",
    emailWrong: "Esta no es una dirección de correo",
    textMissing: "Escriba su pregunta, por favor",
    found: "{count} respuestas que pueden servirle",
    callUs: "Llámenos:",
    sent: "Tenemos su mensaje. Recibirá un correo que dice cuándo le responderemos. En una emergencia llame al 911; en crisis emocional llame o escriba al 988.",
    sentUrgent: "Tenemos su mensaje. No espere nuestra respuesta: llame ahora al 911, o al 988 si piensa en hacerse daño.",
    later: "Demasiados mensajes a la vez. Envíelo otra vez en {seconds} segundos.",
    failed: "No se pudo enviar. Inténtelo otra vez o llámenos.",
    offline: "No hay conexión. Su texto sigue aquí: inténtelo otra vez.",
  },
}

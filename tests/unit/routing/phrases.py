"""What people write when they have been helped, and when they only begin that way."""

# ruff: noqa: E501 a message stands on one line

PURE_THANKS = """
Thanks!
Thank you.
thank you so much
Thank you very much!
THANK YOU SO MUCH!!!
thx
ty
tysm
Thanks a lot.
Thanks again!
Thanks a million
Many thanks.
Much appreciated
I appreciate it.
I really appreciate your help
Thank you for your help!
Thank you so much for all your help 🙏
Thanks for the quick reply.
Thank you for getting back to me so quickly!
Thanks for letting me know.
Thank you for calling me back.
Thanks for the info
Thank you for the information.
Thanks for the heads up
Thank you for taking care of this.
Thanks for fixing it!
Thanks for the refill!
Thank you for the appointment.
Thanks for fitting me in
Thank you for your patience
Thank you, you guys are the best!
Thank you. Have a great day!
Thanks, have a nice weekend
Thank you and have a blessed day
Great, thanks!
Perfect, thank you.
Perfect, thank you so much!
Perfect, see you then
Perfect, see you then!
Great, see you Tuesday
See you on Monday. Thanks!
Ok
ok
OK!
Okay
okay thanks
Ok, thank you
Ok got it
Got it
Got it, thanks
Got it!
Sounds good
Sounds good, thank you!
Sounds great
Awesome, thanks
Wonderful!
Perfect
Great
Great news, thank you
That works
That works for me, thanks
Works for me
Will do, thanks
Understood
Noted, thank you.
Received, thanks
No worries, thank you!
You too!
Thanks, you too
Same to you
👍
👍🏽
🙏
🙏🙏
👌
😊
Thanks 👍
Thank you 🙏🏼
Ok 👍
It works now
It works now, thanks!
That worked, thank you
That fixed it. Thanks!
Works great now
Working now, thanks
It's working again. Thank you!
All set, thanks
All good now
All good, thank you
Problem solved
I can log in now, thank you
You can close this ticket
You can close this. Thanks!
That answers my question, thank you
No further questions, thanks.
Very helpful, thank you
That was very helpful. Thank you!
Great service, thank you!
God bless you
God bless, thank you
Hi, thank you so much.
Hello, thanks for the update.
Thank you Nora
Thank you, Dr. Okafor!
Thanks Dr. Lind, see you then
Hi Nora, thank you for your help
Thank you nurse
Thanks,
Ada
Thank you so much,
Ada Marlow
Best regards,
Ada Marlow
Thank you!

Sent from my iPhone
Thanks

Get Outlook for iOS
Ok thank you

Sent from my Galaxy
Gracias
¡Gracias!
gracias 🙏
Muchas gracias
Muchísimas gracias
Mil gracias
Ok gracias
Gracias por su ayuda
Muchas gracias por su ayuda.
Muchas gracias por avisarme
Gracias por llamarme
Gracias por la cita
Gracias por su pronta respuesta
Muchas gracias por atenderme, muy amable
Muy amable, gracias
Perfecto, gracias
Perfecto
Está bien, gracias
Vale, gracias
De acuerdo, muchas gracias
Listo, gracias
Entendido
Entendido, gracias.
Recibido, gracias
Claro, gracias
Ya funciona, gracias
Ya quedó, muchas gracias
Ya pude entrar, gracias
Todo bien, gracias
Dios le bendiga
Muchas gracias, que tenga buen día
Gracias, igualmente
Nos vemos el martes
Perfecto, nos vemos el martes
Ahí nos vemos, gracias
Le agradezco mucho
Se lo agradezco
Hola, muchas gracias
Buenos días, muchas gracias por la información
Gracias doctora
Saludos cordiales, Ada Marlow
Muchas gracias

Enviado desde mi celular
Thanks so much, can't wait!
Thank you, that is a relief
Muchas gracias por todo el cariño
"""
"""One message stands on each line; one that ends in a comma goes on, as after an empty line."""

HIDES_SOMETHING = """
Thanks, but the pain is worse
Thank you. My chest hurts.
Thanks! Also I have been dizzy since this morning
thank you but im still bleeding
Ok thanks. Still throwing up though
Thanks, the fever is back
Thank you, he is having trouble breathing
Thanks. It burns.
thank you, still no relief
Great, thanks. One more thing: my leg is swollen
Perfect, thank you. Should I worry that my vision is blurry?
ok but it hurts
ok, worse
Thanks, not better
Thanks but it's not working
Thank you, I took the whole bottle
Thanks for nothing
No thanks, I want to die
Thank you for everything. Goodbye.
Thanks for everything you have done, take care of my kids
Thank you, you won't have to bother with me any more
Thank you for all your help. I won't need it any more.
thanks. goodbye
thank you, I am at peace now
👍 but still dizzy
👍 chest pain
😢
💔
🤒
🤮
🆘
thanks 😭
ok 🤢
👎
No
no
No.
Nope
Yes
yes please
yes
Yes, since last night
please
Please call me
Not really
a little
worse
Help
help me
?
Thanks?
ok?
Thanks, can I also get an appointment?
Thank you! When should I take it?
Great, thanks. And what about the other prescription?
Thanks! How long until the results are in?
Thank you, which pharmacy did you send it to?
Thanks, do I need to fast?
Perfect, but could we do 3pm instead?
See you Tuesday, can I bring my son who has a rash?
Ok thanks, I need to cancel though
Thanks, but that's the wrong dose
Thanks but I still can't log in
It works now but the printer is offline
That worked yesterday, now it's down again
Thanks, however the claim was denied again
Thank you, the swelling went down but now it's red
Thanks, I think it's infected
Got it. My sugar is 380
Got it, 104 fever
Thanks 911
Thank you so much for your help, I really appreciate it. By the way my left arm has been numb since lunch.
Ok. Baby is not moving as much
all good now except I fainted
All set, but my husband passed out
Thanks, I'm scared
thank you, I don't feel safe at home
Thanks. I stopped taking it
Thanks. I took two by mistake
thanks, he is confused
Thank you, mom fell
thanks, out of insulin
Gracias, pero me duele más
Gracias, pero sigue el dolor
Gracias. Me duele el pecho.
Muchas gracias, pero no puedo respirar bien
Gracias, todavía tengo fiebre
Ok gracias, pero sigo sangrando
Perfecto, gracias. ¿Y la otra receta?
Gracias, ¿cuándo es la cita?
Gracias por todo, adiós
Gracias por todo, ya no los voy a molestar
Gracias, ya no quiero vivir
Está bien, pero estoy mareada
Entendido, pero no mejora
Listo, pero me siento peor
No, gracias
Sí
sí, mucho
Ya funciona pero ahora no imprime
Gracias, el bebé no come
gracias 😢
Gracias, se desmayó
Vale, pero me arde
Nos vemos el martes si sigo viva
De acuerdo, me tomé todas las pastillas
Muy amable, pero todavía vomito
thanks bleeding
thanks numb
ok faint
thank you suicide
ok cant breathe
perfect storm of symptoms
great pain
good grief it hurts
fine but no
received the wrong pills thanks
thanks for the refill but it makes me sick
thank you for the appointment, I am too weak to come
Hi Nora, thanks, it is spreading
Thank you Dr. Okafor, my stitches opened
"""


def messages(table: str) -> list[str]:
    """The messages of a table: a line that ends in a comma, or has an empty one before the next,
    goes on.
    """
    found: list[str] = []
    goes_on = False
    for line in table.strip().split("\n"):
        if not line:
            found[-1] += "\n"
            goes_on = True
            continue
        if goes_on:
            found[-1] += "\n" + line
        else:
            found.append(line)
        goes_on = line.endswith(",")
    return found
